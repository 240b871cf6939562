// What the labels cost, whom, and what they gained.
import { useState } from 'preact/hooks';
import type { CampaignDetail } from '../../../dashboard-types.ts';
import { Chart } from '../../plot/chart.tsx';
import { Figure } from '../../plot/figure.tsx';
import { Nothing } from '../../site/states.tsx';
import { Annotators } from '../annotators.tsx';
import { Segmented } from '../segmented.tsx';
import { type CostMeasure, costChart, costTable, cycleCosts, MEASURE_TEXT, MEASURES } from './cost-gain.ts';

export function CostTab({ campaign }: { readonly campaign: CampaignDetail }) {
  const people = campaign.annotator === 'people';
  const [measure, setMeasure] = useState<CostMeasure>(people ? 'minutes' : 'pixels');
  const costs = cycleCosts(campaign.cycleList);
  return (
    <>
      {costs.length === 0 ? (
        <Nothing icon="curve" title="No cycle is complete yet">
          <p>When a second model is trained, it can be said what its labels cost and gained.</p>
        </Nothing>
      ) : (
        <Figure
          title="Cost against gain"
          note="Bars: what the labels of a cycle cost. Above them: what the next model gained by them, in points of mIoU."
          table={costTable(costs, campaign)}
          controls={
            <Segmented
              name="measure"
              label="Cost in"
              choices={MEASURES.map((value) => ({
                value,
                text: MEASURE_TEXT[value],
                disabled: value !== 'pixels' && !people,
              }))}
              value={measure}
              choose={setMeasure}
            />
          }
        >
          <Chart
            spec={costChart(costs, measure)}
            label={`Bars: ${measure} of each cycle, and the points of mIoU that they gained`}
          />
        </Figure>
      )}
      {people && <Annotators campaignId={campaign.campaignId} />}
    </>
  );
}
