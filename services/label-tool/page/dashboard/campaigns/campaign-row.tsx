import type { CampaignSummary } from '../../../dashboard-types.ts';
import { iouText, percentText } from '../../plot/numbers.ts';
import { Sparkline } from '../../plot/sparkline.tsx';
import { hrefOf } from '../../site/route.ts';
import { STATE_TEXT } from '../names.ts';
import { ProgressBar } from '../progress-bar.tsx';

export function CampaignRow({ campaign }: { readonly campaign: CampaignSummary }) {
  const { campaignId, strategy, datasetName, annotator, state, mious, labelledFraction, error } = campaign;
  const { text, tone } = STATE_TEXT[state];
  return (
    <li class="panel campaign-row" data-campaign={campaignId}>
      <div class="identity">
        <a class="row-link" href={hrefOf({ screen: 'campaign', campaignId, tab: 'overview' })}>
          {campaignId}
        </a>
        <p class="quiet">
          {strategy} on {datasetName} · {annotator === 'people' ? 'people annotate' : 'simulated annotator'}
        </p>
      </div>
      <span class={`chip ${tone}`}>{text}</span>
      <ProgressBar campaign={campaign} />
      <dl class="pair">
        <dt>Labelled</dt>
        <dd>{percentText(labelledFraction)}</dd>
      </dl>
      <div class="trend">
        <dl class="pair">
          <dt>mIoU</dt>
          <dd>{iouText(mious.at(-1))}</dd>
        </dl>
        <Sparkline values={mious} label={`mIoU by cycle: ${mious.map(iouText).join(', ')}`} />
      </div>
      {error && (
        <p class="row-error" role="note">
          {error}
        </p>
      )}
    </li>
  );
}
