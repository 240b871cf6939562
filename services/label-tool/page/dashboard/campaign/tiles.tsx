// The newest model in a few large numbers.
import type { CampaignDetail, Comparison } from '../../../dashboard-types.ts';
import { countText, durationText, iouText, percentText, plural, pointsText } from '../../plot/numbers.ts';
import { PHASES } from './phase-seconds.ts';

export interface TilesProps {
  readonly campaign: CampaignDetail;
  readonly comparison: Comparison | undefined;
}

export function Tiles({ campaign, comparison }: TilesProps) {
  const { cycleList, mious, pool } = campaign;
  const trained = cycleList.filter(({ evaluation }) => evaluation);
  const [before, last] = [trained.at(-2), trained.at(-1)];
  const labelled = cycleList.at(-1)?.labelled;
  const full = comparison?.full[0];
  const workSeconds = cycleList.reduce(
    (sum, { seconds }) => sum + PHASES.reduce((all, phase) => all + seconds[phase], 0),
    0,
  );
  const peopleSeconds = cycleList.reduce((sum, { cost }) => sum + (cost?.activeSeconds ?? 0), 0);
  const images = pool.unlabelled + pool.inAnnotation + pool.partlyLabelled + pool.fullyLabelled + pool.excluded;
  const change = before && last ? last.evaluation!.miou - before.evaluation!.miou : undefined;
  return (
    <dl class="tiles">
      <Tile
        name="mIoU"
        value={iouText(mious.at(-1))}
        note={change === undefined ? 'of the first model' : `${pointsText(change)} against the model before`}
      />
      {full && last && (
        <Tile
          name="Of full supervision"
          value={percentText(last.evaluation!.miou / full.miou)}
          note={`of ${iouText(full.miou)} with all labels`}
        />
      )}
      <Tile
        name="Labelled"
        value={percentText(labelled?.fraction ?? 0)}
        note={
          labelled
            ? `${plural(labelled.regions, 'region')}, ${countText(labelled.images)} of ${plural(images, 'image')}`
            : 'nothing yet'
        }
      />
      <Tile name="Extended, free of cost" value={countText(labelled?.extendedPixels ?? 0)} note="pixels" />
      {campaign.annotator === 'people' && (
        <Tile
          name="People"
          value={durationText(peopleSeconds)}
          note={`${plural(pool.inAnnotation, 'image')} in annotation`}
        />
      )}
      <Tile name="Computing" value={durationText(workSeconds)} note="of work on all workers" />
    </dl>
  );
}

function Tile({ name, value, note }: { readonly name: string; readonly value: string; readonly note: string }) {
  return (
    <div class="panel tile">
      <dt>{name}</dt>
      <dd class="value">{value}</dd>
      <dd class="quiet">{note}</dd>
    </div>
  );
}
