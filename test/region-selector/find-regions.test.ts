import { afterAll, describe, expect, test } from 'vitest';
import type { FindRegionsSpec } from '../../proto/gen/cpral/v1/region_selector.ts';
import {
  DropoutPlacement,
  EncoderConvention,
  type NetworkConfig,
  Precision,
  RegionalScore,
} from '../../proto/gen/cpral/v1/resources.ts';
import findRegions from '../../services/region-selector/find-regions.ts';
import { decodeImage, encodeMask, encodeRgb } from '../../services/shared/images/images.ts';
import { ORIGIN_EXTENDED, ORIGIN_NOBODY, ORIGIN_ORACLE } from '../../services/shared/labels/origins.ts';
import { freshWeights } from '../../services/shared/model/fresh-weights.ts';
import { networkParameters } from '../../services/shared/model/network-parameters.ts';
import { closeScoringModels } from '../../services/shared/model/open-scoring-model.ts';
import { writeSafetensors } from '../../services/shared/model/safetensors.ts';
import { refBlob } from '../../services/shared/objects/blob.ts';
import { randomInteger, seededRandom } from '../../services/shared/random.ts';
import { memoryObjectStore } from '../support/memory-object-store.ts';

const SIZE = { height: 32, width: 48 };
const PIXELS = SIZE.height * SIZE.width;
const CLASS_COUNT = 3;
const NETWORK: NetworkConfig = {
  encoder: 'mobilenetv2',
  widthMultiplier: 0.35,
  asppChannels: 32,
  decoderChannels: 32,
  decoderSeparable: true,
  dropout: 0.25,
  precision: Precision.PRECISION_FLOAT32,
  dropoutPlacement: DropoutPlacement.DROPOUT_PLACEMENT_ENCODER,
  encoderConvention: EncoderConvention.ENCODER_CONVENTION_UNSPECIFIED,
};
const { REGIONAL_SCORE_GAUSSIAN, REGIONAL_SCORE_WINDOW_SUM, REGIONAL_SCORE_RANDOM } = RegionalScore;

/** Untrained, from a seed whose network does not say the same class everywhere. */
const weights = writeSafetensors(freshWeights(networkParameters(NETWORK, CLASS_COUNT), 3));

async function setUp() {
  const objects = memoryObjectStore();
  const put = async (bytes: Uint8Array) => refBlob(await objects.put(bytes));
  const images = await Promise.all(
    ['a', 'b'].map(async (imageId) => {
      const random = seededRandom('image', imageId);
      const data = Uint8Array.from({ length: PIXELS * 3 }, () => randomInteger(random, 256));
      return { imageId, image: await put(await encodeRgb({ ...SIZE, data })), origins: undefined };
    }),
  );
  const model = { network: NETWORK, classCount: CLASS_COUNT, size: SIZE, weights: await put(weights) };
  const spec = (change: Partial<FindRegionsSpec> = {}): FindRegionsSpec => ({
    model,
    images,
    score: REGIONAL_SCORE_GAUSSIAN,
    regionSizePx: 5,
    passes: 4,
    sigma: 2,
    seed: 1,
    maxCandidates: 1000,
    spacingPx: 0,
    classWeights: [],
    keepPredictions: false,
    ...change,
  });
  /** Predicts class 0, whatever is dropped. */
  const putCertain = async () => {
    const certain = freshWeights(networkParameters(NETWORK, CLASS_COUNT), 3);
    certain.get('decoder/classifier/bias')!.data[0] = 1e6;
    return { ...model, weights: await put(writeSafetensors(certain)) };
  };
  const putOrigins = async (origins: Uint8Array) => put(await encodeMask({ ...SIZE, data: origins }));
  const done: (number | undefined)[] = [];
  const context = { objects, progress: ({ unitsDone }: { unitsDone?: number }) => void done.push(unitsDone) };
  return { objects, spec, model, images, putCertain, putOrigins, context, done };
}

afterAll(closeScoringModels);

describe.each([
  ['Gaussian attention', REGIONAL_SCORE_GAUSSIAN],
  ['the window sum', REGIONAL_SCORE_WINDOW_SUM],
  ['chance', REGIONAL_SCORE_RANDOM],
])('findRegions by %s', (_, score) => {
  test('gives windows inside the image that do not overlap, best first, image after image', async () => {
    const { spec, context, done } = await setUp();
    const { candidates } = await findRegions(spec({ score }), context);
    expect([...new Set(candidates.map(({ imageId }) => imageId))]).toEqual(['a', 'b']);
    for (const imageId of ['a', 'b']) {
      const windows = candidates.filter((candidate) => candidate.imageId === imageId);
      const covered = new Uint8Array(PIXELS);
      windows.forEach(({ top, left, score }, rank) => {
        expect(top >= 0 && left >= 0 && top + 5 <= SIZE.height && left + 5 <= SIZE.width).toBe(true);
        if (rank > 0) expect(score).toBeLessThanOrEqual(windows[rank - 1]!.score);
        for (let y = top; y < top + 5; y++) for (let x = left; x < left + 5; x++) covered[y * SIZE.width + x]!++;
      });
      expect(covered.every((times) => times <= 1)).toBe(true);
      expect(windows.length).toBeGreaterThan(0);
    }
    expect(done).toEqual([1, 2]);
  });

  test('an image’s candidates depend on the seed and the image, not on the shard that it comes in', async () => {
    const { spec, images, context } = await setUp();
    const together = await findRegions(spec({ score }), context);
    const alone = await findRegions(spec({ score, images: [images[1]!] }), context);
    expect(alone.candidates).toEqual(together.candidates.filter(({ imageId }) => imageId === 'b'));
    const otherSeed = await findRegions(spec({ score, images: [images[1]!], seed: 2 }), context);
    expect(otherSeed.candidates).not.toEqual(alone.candidates);
  });

  test('labelled pixels are not asked for again, extended ones are', async () => {
    const { spec, images, putOrigins, context } = await setUp();
    const find = async (origins: Uint8Array) => {
      const image = { ...images[0]!, origins: await putOrigins(origins) };
      return (await findRegions(spec({ score, images: [image] }), context)).candidates;
    };
    const upperHalf = new Uint8Array(PIXELS).fill(ORIGIN_ORACLE, 0, PIXELS / 2);
    for (const { top } of await find(upperHalf)) expect(top + 5).toBeGreaterThan(SIZE.height / 2);
    expect(await find(new Uint8Array(PIXELS).fill(ORIGIN_ORACLE))).toEqual([]);
    expect(await find(new Uint8Array(PIXELS).fill(ORIGIN_EXTENDED))).toEqual(await find(new Uint8Array(PIXELS)));
  });

  test('no image has more candidates than the limit', async () => {
    const { spec, context } = await setUp();
    const all = await findRegions(spec({ score }), context);
    const best = await findRegions(spec({ score, maxCandidates: 2 }), context);
    const expected = ['a', 'b'].flatMap((id) => all.candidates.filter(({ imageId }) => imageId === id).slice(0, 2));
    expect(best.candidates).toEqual(expected);
  });

  test.each<[string, Partial<FindRegionsSpec>, string]>([
    ['an even region', { regionSizePx: 4 }, 'region_size_px: expected an odd number of pixels, got 4'],
    [
      'a region larger than the image',
      { regionSizePx: 33 },
      "region_size_px: expected at most the image's 32 pixels, got 33",
    ],
    ['a limit of none', { maxCandidates: 0 }, 'max_candidates: expected a whole number from 1 to 1536, got 0'],
    ['no model', { model: undefined }, 'size: expected a height and a width, got none'],
  ])('%s is refused', async (_, change, message) => {
    const { spec, context } = await setUp();
    await expect(findRegions(spec({ score, ...change }), context)).rejects.toThrow(message);
  });

  test('an origin mask that cannot be read is refused by the image’s name', async () => {
    const { objects, spec, images, context } = await setUp();
    const origins = refBlob(await objects.put(Uint8Array.of(1, 2, 3)));
    const image = { ...images[0]!, imageId: 'img_7', origins };
    await expect(findRegions(spec({ score, images: [image] }), context)).rejects.toThrow(/^origins of img_7: /);
  });
});

describe('findRegions by entropy', () => {
  test('shows each map as a small picture', async () => {
    const { objects, spec, context } = await setUp();
    const { previews } = await findRegions(spec(), context);
    expect(previews.map(({ imageId }) => imageId)).toEqual(['a', 'b']);
    expect(await decodeImage(await objects.get(previews[0]!.entropy!))).toMatchObject(SIZE);
  });

  test('a network without dropout is refused before any pass', async () => {
    const { spec, model, context } = await setUp();
    const certain = { ...model, network: { ...NETWORK, dropout: 0 } };
    await expect(findRegions(spec({ model: certain }), context)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      field: 'model.network.dropout',
    });
  });

  test('an image on which all passes agree has candidates of score 0 and counts as undisputed, whatever its shard', async () => {
    const { spec, images, putCertain, context } = await setUp();
    const model = await putCertain();
    const alone = await findRegions(spec({ model, images: images.slice(1) }), context);
    const together = await findRegions(spec({ model, images }), context);
    expect([alone.disputedImages, together.disputedImages]).toEqual([0, 0]);
    expect(alone.candidates.every(({ score }) => score === 0)).toBe(true);
    expect(alone.candidates).toEqual(together.candidates.filter(({ imageId }) => imageId === 'b'));
  });

  test('the labelled share of an image does not hide that its passes disagree', async () => {
    const { spec, images, putOrigins, context } = await setUp();
    const image = { ...images[0]!, origins: await putOrigins(new Uint8Array(PIXELS).fill(ORIGIN_ORACLE)) };
    await expect(findRegions(spec({ images: [image] }), context)).resolves.toMatchObject({
      candidates: [],
      disputedImages: 1,
    });
  });

  test('weights of 1 change nothing, and a class of weight 0 is asked for last', async () => {
    const { spec, context } = await setUp();
    const find = async (classWeights: number[]) => (await findRegions(spec({ classWeights }), context)).candidates;
    const plain = await find([]);
    expect(await find([1, 1, 1])).toEqual(plain);
    expect(await find([2, 2, 2])).toEqual(plain.map((candidate) => ({ ...candidate, score: 2 * candidate.score })));
    expect((await find([0, 0, 0])).every(({ score }) => score === 0)).toBe(true);
    expect(await find([1, 0, 0])).not.toEqual(plain);
  });

  test('an empty shard finds nothing and is no failure', async () => {
    const { spec, context } = await setUp();
    expect(await findRegions(spec({ images: [] }), context)).toEqual({
      candidates: [],
      previews: [],
      disputedImages: 0,
    });
  });

  test.each<[Partial<FindRegionsSpec>, string]>([
    [{ passes: 1 }, 'passes: expected a whole number from 2 to 65535, got 1'],
    [{ sigma: 0 }, 'sigma: expected a number above 0, got 0'],
    [{ classWeights: [1] }, 'class_weights: expected none or one for each of 3 classes, got 1'],
    [{ classWeights: [1, -1, 1] }, 'class_weights: expected numbers from 0, got -1'],
    [{ classWeights: [1, Number.NaN, 1] }, 'class_weights: expected numbers from 0, got NaN'],
    [{ sigma: Number.NaN }, 'sigma: expected a number above 0, got NaN'],
    [{ score: RegionalScore.REGIONAL_SCORE_WHOLE_IMAGE }, 'score: expected gaussian, window sum or random, got 3'],
  ])('%j is refused', async (change, message) => {
    const { spec, context } = await setUp();
    await expect(findRegions(spec(change), context)).rejects.toThrow(message);
  });
});

test('chance needs no model, no image and no map', async () => {
  const { spec, model, images, putOrigins, context } = await setUp();
  const image = {
    ...images[0]!,
    image: undefined,
    origins: await putOrigins(new Uint8Array(PIXELS).fill(ORIGIN_NOBODY)),
  };
  const bare = { ...model, network: undefined, weights: undefined };
  const found = await findRegions(spec({ score: REGIONAL_SCORE_RANDOM, model: bare, images: [image] }), context);
  expect(found.candidates).toHaveLength(54);
  expect(found.previews).toEqual([]);
});
