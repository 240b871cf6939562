import { countText, durationText, percentText, plural } from '../../plot/numbers.ts';
import type { PreviewState } from './use-preview.ts';

export interface PreviewPanelProps {
  readonly preview: PreviewState;
  readonly people: boolean;
}

/** What the campaign would cost, as it is written now. */
export function PreviewPanel({ preview: { preview, waiting, message }, people }: PreviewPanelProps) {
  return (
    <section class="panel preview" aria-labelledby="preview-title" aria-busy={waiting}>
      <h2 id="preview-title">What it would cost</h2>
      <div role="status">
        {message ? <p class="field-error">{message}</p> : !preview && <p class="quiet">Reckoning</p>}
      </div>
      {preview && (
        <dl class="facts">
          <Fact name="Labelled at the end" value={percentText(preview.finalFraction)} strong />
          <Fact
            name="At first"
            value={`${plural(preview.initialImages, 'image')} of ${countText(preview.poolImages)}, ${countText(preview.initialPixels)} px`}
          />
          <Fact
            name="A cycle"
            value={`${plural(preview.regionsPerCycle, preview.regionSizePx === 0 ? 'whole image' : 'region')}, ${countText(preview.pixelsPerCycle)} px`}
          />
          {preview.regionSizePx > 0 && (
            <Fact name="A region" value={`${preview.regionSizePx} × ${preview.regionSizePx} px`} />
          )}
          <Fact name="Searched in" value={plural(preview.subsetImages, 'image')} />
          {people && (
            <Fact
              name="Time of people"
              value={
                preview.peopleSeconds === null
                  ? 'not known: nobody labelled here yet'
                  : durationText(preview.peopleSeconds)
              }
              strong
            />
          )}
          {preview.computeSeconds ? (
            <>
              <Fact
                name="Computing"
                value={durationText(
                  preview.computeSeconds.train + preview.computeSeconds.rate + preview.computeSeconds.select,
                )}
                strong
              />
              <Fact name="of it training" value={durationText(preview.computeSeconds.train)} />
              <Fact name="as in" value={preview.computeSeconds.basisCampaignId} />
            </>
          ) : (
            <Fact name="Computing" value="not known: no equal network ran yet" />
          )}
        </dl>
      )}
    </section>
  );
}

function Fact({
  name,
  value,
  strong = false,
}: {
  readonly name: string;
  readonly value: string;
  readonly strong?: boolean;
}) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{strong ? <strong>{value}</strong> : value}</dd>
    </div>
  );
}
