// What a team lead looks at first: the curve, the numbers of the newest model, where the time goes, what was set.
import { useMemo, useState } from 'preact/hooks';
import type { CampaignDetail, Comparison } from '../../../dashboard-types.ts';
import { Chart } from '../../plot/chart.tsx';
import { Figure } from '../../plot/figure.tsx';
import { iouText, percentText } from '../../plot/numbers.ts';
import { Segmented } from '../segmented.tsx';
import { type CurveAxis, controlOf, learningCurve, learningTable, references } from './learning-curve.ts';
import { phaseSeconds, phaseTable } from './phase-seconds.ts';
import { SettingsPanel } from './settings-panel.tsx';
import { Tiles } from './tiles.tsx';

export interface OverviewTabProps {
  readonly campaign: CampaignDetail;
  readonly comparison: Comparison | undefined;
}

const NOBODY = '';

export function OverviewTab({ campaign, comparison }: OverviewTabProps) {
  return (
    <>
      <Tiles campaign={campaign} comparison={comparison} />
      <CurveFigure campaign={campaign} comparison={comparison} />
      <div class="two-columns">
        <Figure
          title="Seconds of each phase"
          note="Of work, summed over workers; waiting is not in it."
          table={phaseTable(campaign.cycleList)}
        >
          <Chart
            spec={phaseSeconds(campaign.cycleList)}
            label="Stacked bars: seconds of work by phase, a bar a cycle"
          />
        </Figure>
        <SettingsPanel campaign={campaign} />
      </div>
    </>
  );
}

function CurveFigure({ campaign, comparison }: OverviewTabProps) {
  const [axis, setAxis] = useState<CurveAxis>('share');
  const [chosenId, setChosenId] = useState<string>();
  const others = comparison?.others ?? [];
  const compared =
    chosenId === undefined ? controlOf(comparison) : others.find(({ campaignId }) => campaignId === chosenId);
  const input = { campaign, comparison, compared };
  const spec = useMemo(() => learningCurve(input, axis), [campaign, comparison, compared, axis]);
  const trained = campaign.cycleList.some(({ evaluation }) => evaluation);
  const full = comparison?.full[0];
  const lines = references(comparison);
  const note = full
    ? `Dotted: ${full.campaignId}, trained on all labels${full.matches ? '' : ' with other settings'}, and 95 and 90 % of it.`
    : 'No campaign on all labels of this dataset is there to hold it against.';
  return (
    <Figure
      title="Learning curve"
      note={axis === 'images' && compared ? `${note} Of ${compared.campaignId} only the share is known.` : note}
      table={learningTable(input)}
      controls={
        <>
          {others.length > 0 && (
            <label class="inline-field">
              Compare with
              <select
                value={compared?.campaignId ?? NOBODY}
                onChange={(event) => setChosenId(event.currentTarget.value)}
              >
                <option value={NOBODY}>nothing</option>
                {others.map(({ campaignId, strategy, seed, matches }) => (
                  <option key={campaignId} value={campaignId}>
                    {campaignId} ({strategy}, seed {seed}
                    {matches ? '' : ', other settings'})
                  </option>
                ))}
              </select>
            </label>
          )}
          <Segmented
            name="axis"
            label="Horizontal axis"
            choices={[
              { value: 'share', text: 'Share' },
              { value: 'images', text: 'Images' },
            ]}
            value={axis}
            choose={setAxis}
          />
        </>
      }
    >
      {trained ? (
        <Chart
          spec={spec}
          label={`Learning curve of ${campaign.campaignId}: mIoU ${campaign.mious.map(iouText).join(', ')}${lines.map(({ name, miou }) => `; ${name} ${iouText(miou)}`).join('')}; newest labelled share ${percentText(campaign.labelledFraction)}`}
        />
      ) : (
        <p class="quiet empty-figure">The first model is not trained yet: the curve begins with it.</p>
      )}
    </Figure>
  );
}
