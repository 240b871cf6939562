// Work for the annotator: windows of images, with the label so far and, for a simulated one, the ground truth.
import { and, eq, inArray } from 'drizzle-orm';
import type { AnnotationTask, Window } from '../../../proto/gen/cpral/v1/oracle.ts';
import { LabelOrigin, ObjectRef } from '../../../proto/gen/cpral/v1/resources.ts';
import type { WorkSpec } from '../../../proto/gen/cpral/v1/work.ts';
import { CpralError } from '../../shared/errors.ts';
import { refBlob } from '../../shared/objects/blob.ts';
import type { Transaction } from '../database.ts';
import { images } from '../schema.ts';
import { type CampaignRow, deriveSeed } from './campaign-row.ts';
import { currentLabels } from './current-labels.ts';

const IMAGES_PER_SHARD = 32;
/** A specification is one message of at most 4 MiB; single pixels are many windows. */
const WINDOWS_PER_SHARD = 1 << 16;

export async function* annotationWork(
  tx: Transaction,
  campaign: CampaignRow,
  windows: ReadonlyMap<string, Window[]>,
  origin: LabelOrigin,
): AsyncGenerator<WorkSpec> {
  const { config, cycle, size, classCount } = campaign;
  for (const imageIds of shardsOfWindows(windows)) {
    const tasks = await tasksOf(tx, campaign, imageIds, windows);
    const seed = deriveSeed(config.seed, 'annotate', cycle);
    const noise = { noise: noiseOf(campaign, origin), noiseUnit: config.noiseUnit };
    yield { spec: { $case: 'annotate', value: { tasks, size, classCount, ...noise, seed, origin } } };
  }
}

/** Image ids in order, in runs of so many images, and of so many windows where an image does not have more by itself. */
export function shardsOfWindows(windows: ReadonlyMap<string, readonly Window[]>): string[][] {
  const runs: string[][] = [];
  let windowCount = 0;
  for (const imageId of [...windows.keys()].sort()) {
    const more = windows.get(imageId)!.length;
    const run = runs.at(-1);
    if (run && run.length < IMAGES_PER_SHARD && windowCount + more <= WINDOWS_PER_SHARD) {
      run.push(imageId);
      windowCount += more;
    } else {
      runs.push([imageId]);
      windowCount = more;
    }
  }
  return runs;
}

/** Mistakes are made on what is acquired; the initial labels are clean. */
function noiseOf({ config }: CampaignRow, origin: LabelOrigin): number {
  return origin === LabelOrigin.LABEL_ORIGIN_INITIAL ? 0 : config.oracleNoise;
}

async function tasksOf(
  tx: Transaction,
  { campaignId, datasetKey }: CampaignRow,
  imageIds: string[],
  windows: ReadonlyMap<string, Window[]>,
): Promise<AnnotationTask[]> {
  const rows = await tx
    .select({ imageId: images.imageId, groundTruth: images.groundTruth })
    .from(images)
    .where(and(eq(images.datasetKey, datasetKey), inArray(images.imageId, imageIds)));
  const truths = new Map(rows.map((row) => [row.imageId, row.groundTruth]));
  const labels = await currentLabels(tx, campaignId, imageIds);
  return imageIds.map((imageId) => {
    const truth = truths.get(imageId);
    if (!truth)
      throw new CpralError('FAILED_PRECONDITION', `image "${imageId}" has no ground truth for a simulated annotator`);
    const masks = labels.get(imageId);
    return {
      imageId,
      groundTruth: refBlob(ObjectRef.fromJSON(truth)),
      classes: masks?.classes && refBlob(masks.classes),
      origins: masks?.origins && refBlob(masks.origins),
      windows: windows.get(imageId) ?? [],
      answers: [],
    };
  });
}
