// VAAL (Sinha et al. 2019) and TA-VAAL (Kim et al. 2021), second half: trains autoencoder and discriminator on thumbnails of the pool
// and picks the images that the discriminator finds least like the labelled ones.
import { setImmediate } from 'node:timers/promises';
import {
  type Rating,
  type ThumbnailBlock,
  ThumbnailBlocks,
  type TrainSamplerRequest,
  type TrainSamplerResult,
  type TrainSamplerSpec,
} from '../../proto/gen/cpral/v1/panoptic_scorer.ts';
import type { ComputeContext } from '../shared/compute/compute.ts';
import { invalid } from '../shared/errors.ts';
import type { Size } from '../shared/images/images.ts';
import type { Weights } from '../shared/model/weights.ts';
import { readBlob } from '../shared/objects/blob.ts';
import type { ObjectReader } from '../shared/objects/object-store.ts';
import { openList } from '../shared/objects/stored-list.ts';
import { openJudge } from '../shared/sampler/open-judge.ts';
import { bestRatings } from './best-ratings.ts';
import { keptReader } from './kept-reader.ts';
import { planSampler, type SamplerPlan } from './plan-sampler.ts';
import { runSamplerSteps } from './sampler-steps.ts';
import { type ReadableBlock, type ThumbnailPool, thumbnailPool } from './thumbnail-pool.ts';
import { decodeThumbnails, type ThumbnailRows } from './thumbnails.ts';

/** Thumbnails that stay in memory: some 100,000. */
const KEPT_LIMIT_BYTES = 1 << 30;
/** What a crash may cost, about. */
const CHECKPOINT_INTERVAL_MS = 20_000;

export default function trainSampler(
  request: TrainSamplerRequest,
  context: ComputeContext,
): Promise<TrainSamplerResult> {
  return trainSamplerWith(request, context, { checkpointIntervalMs: CHECKPOINT_INTERVAL_MS });
}

/** @param options.checkpointIntervalMs 0: after every step but the last */
export async function trainSamplerWith(
  { spec, checkpoint }: TrainSamplerRequest,
  context: ComputeContext,
  options: { readonly checkpointIntervalMs: number },
): Promise<TrainSamplerResult> {
  const list = await readBlocks(context.objects, spec);
  const plan = planSampler(spec && { ...spec, blocks: list });
  const { blocks, size } = await openBlocks(context.objects, list, plan);
  const poolOf = (some: readonly ThumbnailBlock[]) => thumbnailPool(some.map((block) => blocks.get(block)!));
  const pools = { labelled: poolOf(plan.labelled), unlabelled: poolOf(plan.unlabelled) };
  const { weights, loss } = await runSamplerSteps({ plan, size, pools, checkpoint, ...options }, context);
  return {
    ratings: await judge(poolOf(plan.candidates), { plan, size, weights }, context),
    reconstructionLoss: loss.reconstruction,
    divergence: loss.divergence,
    adversaryLoss: loss.adversary,
    discriminatorLoss: loss.discriminator,
  };
}

/** Lowest D(mu) first: a rating is minus its logit, which keeps its order where D is 0 or 1 to the last digit. */
async function judge(
  candidates: ThumbnailPool,
  { plan, size, weights }: { readonly plan: SamplerPlan; readonly size: Size; readonly weights: Weights },
  { progress }: ComputeContext,
): Promise<Rating[]> {
  const { config, count } = plan;
  const open = openJudge({ ...config, size }, weights);
  try {
    const best = bestRatings(count);
    for (let index = 0; index < candidates.count; index++) {
      const { imageId, pixels, rank } = await candidates.get(index);
      best.add({ imageId, rating: -open.logit(pixels, rank) });
      progress({ unitsDone: config.steps, unitsTotal: config.steps, message: `rated ${imageId}` });
      // A verdict blocks the thread; messages leave between two of them.
      await setImmediate();
    }
    return best.best();
  } finally {
    open[Symbol.dispose]();
  }
}

async function readBlocks(objects: ObjectReader, spec: TrainSamplerSpec | undefined): Promise<ThumbnailBlock[]> {
  const list = { inline: spec?.blocks ?? [], stored: spec?.storedBlocks };
  const decode = (page: Uint8Array) => ThumbnailBlocks.decode(page).blocks;
  const blocks: ThumbnailBlock[] = [];
  for await (const block of openList(objects, list, { field: 'blocks', decode })) blocks.push(block);
  return blocks;
}

interface OpenBlocks {
  readonly blocks: ReadonlyMap<ThumbnailBlock, ReadableBlock>;
  /** Of all of them. */
  readonly size: Size;
}

async function openBlocks(
  objects: ObjectReader,
  blocks: readonly ThumbnailBlock[],
  { config }: SamplerPlan,
): Promise<OpenBlocks> {
  const keep = keptReader<ThumbnailRows>(KEPT_LIMIT_BYTES, ({ pixels }) => pixels.length);
  const load = async (index: number) => {
    const name = `blocks[${index}].thumbnails`;
    return decodeThumbnails(await readBlob(objects, blocks[index]!.thumbnails, name), name);
  };
  const { size } = await load(0);
  const checked = async (index: number): Promise<ThumbnailRows> => {
    const rows = await load(index);
    const expected = `${blocks[index]!.imageCount} images of ${size.height}x${size.width}`;
    const got = `${rows.imageIds.length} images of ${rows.size.height}x${rows.size.width}`;
    if (got !== expected) throw invalid(`blocks[${index}].thumbnails: expected ${expected}, got ${got}`);
    if (config.ranked && rows.ranks.length === 0) {
      throw invalid(`blocks[${index}].thumbnails: expected a rank an image, got none`, { field: 'blocks' });
    }
    return rows;
  };
  const readable = blocks.map((block, index): [ThumbnailBlock, ReadableBlock] => [
    block,
    { imageCount: block.imageCount, read: () => keep(index, () => checked(index)) },
  ]);
  return { blocks: new Map(readable), size };
}
