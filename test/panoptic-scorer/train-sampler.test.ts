import { describe, expect, it } from 'vitest';
import {
  type SamplerConfig,
  type ThumbnailBlock,
  ThumbnailBlocks,
  type TrainSamplerRequest,
  type TrainSamplerSpec,
} from '../../proto/gen/cpral/v1/panoptic_scorer.ts';
import type { Checkpoint, Progress } from '../../proto/gen/cpral/v1/trainer.ts';
import { encodeThumbnails } from '../../services/panoptic-scorer/thumbnails.ts';
import trainSampler, { trainSamplerWith } from '../../services/panoptic-scorer/train-sampler.ts';
import { refBlob } from '../../services/shared/objects/blob.ts';
import { seededRandom } from '../../services/shared/random.ts';
import { tensorCount } from '../../services/shared/tensorflow/tensorflow.ts';
import { memoryObjectStore } from '../support/memory-object-store.ts';

const objects = memoryObjectStore();
const context = { objects, progress: () => {} };
const SIZE = { height: 16, width: 16 };
/** As published, in steps that take seconds. */
const CONFIG: SamplerConfig = {
  steps: 100,
  vaeSteps: 2,
  batchSize: 16,
  latentChannels: 32,
  beta: 1,
  adversaryWeight: 1,
  learningRate: 5e-4,
  ranked: false,
};
const BRIEF = { ...CONFIG, steps: 3, batchSize: 4 };

/** Dark with stripes across, or bright with stripes along. */
function picture(kind: 'night' | 'day', index: number): Uint8Array {
  const random = seededRandom('picture', kind, index);
  const base = (kind === 'night' ? 60 : 180) + 20 * random();
  const frequency = 0.3 + 0.3 * random();
  return Uint8Array.from({ length: SIZE.height * SIZE.width * 3 }, (_, i) => {
    const [y, x] = [Math.floor(i / (3 * SIZE.width)), Math.floor(i / 3) % SIZE.width];
    return base + 30 * Math.sin((kind === 'night' ? y : x) * frequency) + 20 * random();
  });
}

interface Block {
  readonly kind: 'night' | 'day';
  readonly from: number;
  readonly count: number;
  readonly use: 'labelled' | 'candidates' | 'both';
  readonly ranks?: readonly number[];
}

async function blockOf({ kind, from, count, use, ranks = [] }: Block): Promise<ThumbnailBlock> {
  const indices = Array.from({ length: count }, (_, i) => from + i);
  const imageIds = indices.map((index) => `${kind}-${index}`);
  const pixels = Buffer.concat(indices.map((index) => picture(kind, index)));
  const thumbnails = refBlob(await objects.put(encodeThumbnails({ imageIds, size: SIZE, pixels, ranks })));
  return { thumbnails, candidates: use !== 'labelled', labelled: use !== 'candidates', imageCount: count };
}

const blocksOf = (...blocks: Block[]) => Promise.all(blocks.map(blockOf));
const twenty = { from: 0, count: 20 };
const nightIsLabelled = () =>
  blocksOf(
    { kind: 'night', ...twenty, use: 'labelled' },
    { kind: 'night', from: 20, count: 20, use: 'candidates' },
    { kind: 'day', ...twenty, use: 'candidates' },
  );

const request = (spec: Partial<TrainSamplerSpec>): TrainSamplerRequest => ({
  spec: { blocks: [], storedBlocks: undefined, config: BRIEF, seed: 1, count: 20, ...spec },
  checkpoint: undefined,
});
const daysAmong = (ratings: readonly { imageId: string }[]) =>
  ratings.filter(({ imageId }) => imageId.startsWith('day')).length;

describe('VAAL', () => {
  it('asks first for images of a kind that is not labelled', async () => {
    const blocks = await nightIsLabelled();
    const { ratings } = await trainSampler(request({ blocks, config: CONFIG }), context);
    expect(ratings).toHaveLength(20);
    // By chance it would be 10; the two networks play against each other, so that it is seldom all.
    expect(daysAmong(ratings)).toBeGreaterThanOrEqual(16);
  });

  it('gives the same for a list of blocks in the store', async () => {
    const blocks = await nightIsLabelled();
    const pages = [await objects.put(ThumbnailBlocks.encode({ blocks: blocks.slice(0, 2) }).finish())];
    pages.push(await objects.put(ThumbnailBlocks.encode({ blocks: blocks.slice(2) }).finish()));
    const stored = request({ storedBlocks: { pages, length: 3n, pageLength: 2 } });
    expect(await trainSampler(stored, context)).toEqual(await trainSampler(request({ blocks }), context));
  });

  it('gives what it picks best first, never a labelled image, and all candidates where they are fewer', async () => {
    const blocks = await blocksOf(
      { kind: 'night', from: 0, count: 3, use: 'labelled' },
      { kind: 'day', from: 0, count: 5, use: 'candidates' },
    );
    const { ratings } = await trainSampler(request({ blocks, count: 7 }), context);
    expect(ratings.map(({ imageId }) => imageId).toSorted()).toEqual([0, 1, 2, 3, 4].map((i) => `day-${i}`));
    const values = ratings.map(({ rating }) => rating);
    expect(values).toEqual(values.toSorted((a, b) => b - a));
    expect(new Set(values).size).toBe(5);
    const { ratings: two } = await trainSampler(request({ blocks, count: 2 }), context);
    expect(two).toEqual(ratings.slice(0, 2));
  });

  it('is decided by its seed, and by how images are cut into blocks not at all', async () => {
    const whole = await blocksOf(
      { kind: 'night', from: 0, count: 6, use: 'labelled' },
      { kind: 'day', from: 0, count: 6, use: 'candidates' },
    );
    const cut = await blocksOf(
      { kind: 'night', from: 0, count: 1, use: 'labelled' },
      { kind: 'day', from: 0, count: 4, use: 'candidates' },
      { kind: 'night', from: 1, count: 5, use: 'labelled' },
      { kind: 'day', from: 4, count: 2, use: 'candidates' },
    );
    const first = await trainSampler(request({ blocks: whole }), context);
    expect(await trainSampler(request({ blocks: cut }), context)).toEqual(first);
    expect(await trainSampler(request({ blocks: whole, seed: 2 }), context)).not.toEqual(first);
  });

  it('goes on from a checkpoint to the same result, and leaves no tensors behind', async () => {
    const blocks = await nightIsLabelled();
    const heard: Partial<Progress>[] = [];
    const progress = (update: Partial<Progress>) => heard.push(update);
    const options = { checkpointIntervalMs: 0 };
    const undisturbed = await trainSamplerWith(request({ blocks }), { objects, progress }, options);
    const checkpoints = heard.flatMap(({ checkpoint }) => checkpoint ?? []);
    expect(checkpoints.map(({ step }) => step)).toEqual([1, 2]);
    expect(heard.at(-1)).toMatchObject({ unitsDone: 3, unitsTotal: 3 });
    const tensors = tensorCount();
    for (const checkpoint of checkpoints) {
      expect(await trainSampler({ ...request({ blocks }), checkpoint }, context)).toEqual(undisturbed);
    }
    expect(tensorCount()).toBe(tensors);
  });

  it('trains on what may be picked where every image is labelled in part', async () => {
    const blocks = await blocksOf({ kind: 'night', from: 0, count: 4, use: 'both' });
    const { ratings } = await trainSampler(request({ blocks, count: 3 }), context);
    expect(ratings).toHaveLength(3);
  });
});

describe('TA-VAAL', () => {
  it('sees ranks: of images of one kind it asks first for those whose ranks the labelled ones do not have', async () => {
    const low = Array.from({ length: 12 }, () => 0);
    const blocks = await blocksOf(
      { kind: 'night', from: 0, count: 12, use: 'labelled', ranks: low },
      { kind: 'night', from: 12, count: 12, use: 'candidates', ranks: low },
      { kind: 'night', from: 24, count: 12, use: 'candidates', ranks: low.map(() => 2) },
    );
    const config = { ...CONFIG, steps: 60, vaeSteps: 1, ranked: true };
    const { ratings } = await trainSampler(request({ blocks, config, count: 12 }), context);
    const high = ratings.filter(({ imageId }) => Number(imageId.split('-')[1]) >= 24);
    expect(high.length).toBeGreaterThanOrEqual(11);
  });
});

describe('the training of a sampler refuses', () => {
  const labelled: Block = { kind: 'night', from: 0, count: 2, use: 'labelled' };
  const candidates: Block = { kind: 'day', from: 0, count: 2, use: 'candidates' };

  it.each<[string, Partial<TrainSamplerSpec>, string]>([
    ['no configuration', { config: undefined }, 'config: expected a configuration'],
    ['no steps', { config: { ...BRIEF, steps: 0 } }, 'config.steps: expected a whole number from 1'],
    ['an empty batch', { config: { ...BRIEF, batchSize: 0 } }, 'config.batch_size: expected a whole number from 1'],
    ['a weight below 0', { config: { ...BRIEF, beta: -1 } }, 'config.beta: expected a number from 0'],
    ['a rate that is none', { config: { ...BRIEF, learningRate: Number.NaN } }, 'config.learning_rate: expected'],
    ['a count of none', { count: 0 }, 'count: expected a whole number from 1'],
    ['ranks that are not there', { config: { ...BRIEF, ranked: true } }, 'expected a rank an image, got none'],
  ])('%s', async (_, wrong, message) => {
    const blocks = await blocksOf(labelled, candidates);
    await expect(trainSampler(request({ blocks, ...wrong }), context)).rejects.toThrow(message);
  });

  it('a pool without labelled images, and one of which nothing may be picked', async () => {
    const none = await blocksOf(candidates);
    await expect(trainSampler(request({ blocks: none }), context)).rejects.toThrow(
      'expected labelled images, got none',
    );
    const all = await blocksOf(labelled);
    await expect(trainSampler(request({ blocks: all }), context)).rejects.toThrow('expected images that may be picked');
  });

  it('a block that is not what it says, and one that is no thumbnails', async () => {
    const [first, second] = (await blocksOf(labelled, candidates)) as [ThumbnailBlock, ThumbnailBlock];
    const short = [first, { ...second, imageCount: 3 }];
    await expect(trainSampler(request({ blocks: short }), context)).rejects.toThrow(
      'blocks[1].thumbnails: expected 3 images of 16x16, got 2 images of 16x16',
    );
    const broken = [first, { ...second, thumbnails: refBlob(await objects.put(Uint8Array.of(7, 7, 7))) }];
    await expect(trainSampler(request({ blocks: broken }), context)).rejects.toThrow('blocks[1].thumbnails: expected');
  });

  it('a checkpoint of other networks', async () => {
    const blocks = await blocksOf(labelled, candidates);
    const saved: Checkpoint[] = [];
    const progress = ({ checkpoint }: Partial<Progress>) => checkpoint && saved.push(checkpoint);
    await trainSamplerWith(request({ blocks }), { objects, progress }, { checkpointIntervalMs: 0 });
    const config = { ...BRIEF, latentChannels: 8 };
    const other = { ...request({ blocks, config }), checkpoint: saved[0] };
    await expect(trainSampler(other, context)).rejects.toThrow('checkpoint.state: autoencoder/');
  });
});
