import { afterAll, describe, expect, it } from 'vitest';
import { RateSpec, type ScoringImage, type ScoringModel } from '../../proto/gen/cpral/v1/panoptic_scorer.ts';
import { PanopticScore } from '../../proto/gen/cpral/v1/resources.ts';
import { decodeEmbeddings } from '../../services/panoptic-scorer/embeddings.ts';
import rate from '../../services/panoptic-scorer/rate.ts';
import { decodeThumbnails } from '../../services/panoptic-scorer/thumbnails.ts';
import { decodeImage, encodeRgb } from '../../services/shared/images/images.ts';
import { freshWeights } from '../../services/shared/model/fresh-weights.ts';
import { networkParameters } from '../../services/shared/model/network-parameters.ts';
import { closeScoringModels, openScoringModel } from '../../services/shared/model/open-scoring-model.ts';
import { writeSafetensors } from '../../services/shared/model/safetensors.ts';
import { readBlob, refBlob } from '../../services/shared/objects/blob.ts';
import { seedPair } from '../../services/shared/random.ts';
import { memoryObjectStore } from '../support/memory-object-store.ts';
import { TINY_CLASSES, TINY_NETWORK, TINY_SIZE, tinyImage } from '../support/tiny-network.ts';

const objects = memoryObjectStore();
const context = { objects, progress: () => {} };
afterAll(closeScoringModels);

async function imageOf(imageId: string): Promise<ScoringImage> {
  const bytes = await encodeRgb({ ...TINY_SIZE, data: tinyImage(imageId) });
  return { imageId, image: refBlob(await objects.put(bytes)), origins: undefined };
}

async function modelOf(seed: number): Promise<ScoringModel> {
  const weights = writeSafetensors(freshWeights(networkParameters(TINY_NETWORK, TINY_CLASSES), seed));
  return {
    network: TINY_NETWORK,
    classCount: TINY_CLASSES,
    size: TINY_SIZE,
    weights: refBlob(await objects.put(weights)),
  };
}

/** Passes are few; nothing else is set that the case does not name. */
const rateWith = ({ model, images = [], ...spec }: Partial<RateSpec>) =>
  rate({ ...RateSpec.fromPartial({ passes: 4, seed: 1, ...spec }), model, images }, context);

const predicted = PanopticScore.PANOPTIC_SCORE_LOSS_PREDICTION;

describe('rating', () => {
  it('gives an image the same rating in every shard', async () => {
    const [a, b, c] = await Promise.all(['a', 'b', 'c'].map(imageOf));
    const model = await modelOf(1);
    const whole = await rateWith({ model, images: [a!, b!, c!], score: predicted });
    const part = await rateWith({ model, images: [c!, a!], score: predicted });
    expect(whole.ratings.map(({ imageId }) => imageId)).toEqual(['a', 'b', 'c']);
    expect(new Set(whole.ratings.map(({ rating }) => rating)).size).toBe(3);
    expect(part.ratings).toEqual([whole.ratings[2], whole.ratings[0]]);
  });

  it('follows the model that it is given', async () => {
    const images = [await imageOf('a')];
    const rateBy = async (seed: number) =>
      (await rateWith({ model: await modelOf(seed), images, score: predicted })).ratings;
    const first = await rateBy(1);
    expect(await rateBy(2)).not.toEqual(first);
    expect(await rateBy(1)).toEqual(first);
  });

  it('needs no model where it is random or keeps all', async () => {
    const images = await Promise.all(['a', 'b'].map(imageOf));
    const all = await rateWith({ model: undefined, images, score: PanopticScore.PANOPTIC_SCORE_ALL });
    expect(all.ratings.map(({ rating }) => rating)).toEqual([0, 0]);
    const random = await rateWith({ model: undefined, images, score: PanopticScore.PANOPTIC_SCORE_RANDOM });
    expect(random.ratings[0]!.rating).not.toBe(random.ratings[1]!.rating);
  });

  it.each([
    ['entropy', PanopticScore.PANOPTIC_SCORE_ENTROPY],
    ['confidence', PanopticScore.PANOPTIC_SCORE_CONFIDENCE],
    ['margin', PanopticScore.PANOPTIC_SCORE_MARGIN],
  ] as const)('by %s is the mean of its map over the pixels', async (kind, score) => {
    const model = await modelOf(1);
    const images = await Promise.all(['a', 'b'].map(imageOf));
    const { ratings } = await rateWith({ model, images, score });
    const session = await openScoringModel(objects, model);
    for (const { imageId, rating } of ratings) {
      const map = session.uncertainty(tinyImage(imageId))[kind];
      expect(map).toHaveLength(TINY_SIZE.height * TINY_SIZE.width);
      expect(rating).toBeCloseTo(map.reduce((sum, value) => sum + value, 0) / map.length, 12);
      expect(rating).toBeGreaterThan(0);
    }
  });

  it('by MC dropout is the sum of the vote entropy, from the seed and the image', async () => {
    const model = await modelOf(3);
    const images = await Promise.all(['a', 'b'].map(imageOf));
    const score = PanopticScore.PANOPTIC_SCORE_MC_DROPOUT;
    const { ratings } = await rateWith({ model, images, score });
    const session = await openScoringModel(objects, model);
    const votes = session.vote(tinyImage('b'), { passes: 4, seed: seedPair('vote-entropy', 1, 'b') });
    expect(ratings[1]!.rating).toBeCloseTo(
      votes.entropy().reduce((sum, bits) => sum + bits, 0),
      9,
    );
    expect((await rateWith({ model, images: [images[1]!], score })).ratings[0]).toEqual(ratings[1]);
    expect((await rateWith({ model, images, score, seed: 2 })).ratings).not.toEqual(ratings);
  });

  it('by MC dropout refuses a network without dropout, and a single pass', async () => {
    const model = await modelOf(3);
    const images = [await imageOf('a')];
    const score = PanopticScore.PANOPTIC_SCORE_MC_DROPOUT;
    await expect(rateWith({ model, images, score, passes: 1 })).rejects.toThrow(
      'passes: expected a whole number from 2',
    );
    const still = { ...model, network: { ...TINY_NETWORK, dropout: 0 } };
    await expect(rateWith({ model: still, images, score })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      field: 'model.network.dropout',
    });
  });

  it('for core-set embeds: the last features of encoder and decoder, averaged over the image', async () => {
    const model = await modelOf(1);
    const images = await Promise.all(['a', 'b'].map(imageOf));
    const use = { candidates: true, centres: false };
    const { ratings, embeddings } = await rateWith({
      model,
      images,
      score: PanopticScore.PANOPTIC_SCORE_CORE_SET,
      ...use,
    });
    expect(ratings).toEqual([]);
    expect(embeddings).toMatchObject(use);
    const rows = decodeEmbeddings(await readBlob(objects, embeddings?.embeddings, 'embeddings'), 'embeddings');
    expect(rows.imageIds).toEqual(['a', 'b']);
    const session = await openScoringModel(objects, model);
    const second = rows.values.subarray(rows.dimensions);
    expect([...second]).toEqual([...session.embedding(tinyImage('b'))]);
  });

  describe('for VAAL', () => {
    const thumbnailSize = { height: 16, width: 32 };
    const use = { candidates: false, centres: true };
    const shrunkBy = async (spec: Partial<RateSpec>) => {
      const { ratings, thumbnails } = await rateWith({ thumbnailSize, ...use, ...spec });
      expect(ratings).toEqual([]);
      expect(thumbnails).toMatchObject({ candidates: false, labelled: true, imageCount: spec.images!.length });
      return decodeThumbnails(await readBlob(objects, thumbnails?.thumbnails, 'thumbnails'), 'thumbnails');
    };

    it('shrinks, without a model', async () => {
      const images = await Promise.all(['a', 'b'].map(imageOf));
      const rows = await shrunkBy({ images, score: PanopticScore.PANOPTIC_SCORE_VAAL });
      expect(rows).toMatchObject({ imageIds: ['a', 'b'], size: thumbnailSize, ranks: [] });
      const file = await readBlob(objects, images[1]!.image, 'image');
      const { data } = await decodeImage(file, thumbnailSize);
      expect([...rows.pixels.subarray(16 * 32 * 3)]).toEqual([...data]);
    });

    it('with a ranker adds what the model predicts of the whole image', async () => {
      const images = await Promise.all(['a', 'b'].map(imageOf));
      const model = await modelOf(1);
      const { ranks } = await shrunkBy({ model, images, score: PanopticScore.PANOPTIC_SCORE_TA_VAAL });
      const { ratings } = await rateWith({ model, images, score: predicted });
      expect(ranks).toEqual(ratings.map(({ rating }) => rating));
    });

    it('with a ranker and no model draws ranks from 0 to 1, by the seed and the image', async () => {
      const ids = Array.from({ length: 40 }, (_, i) => `image-${i}`);
      const image = await imageOf('a');
      const images = ids.map((imageId) => ({ ...image, imageId }));
      const drawn = async (seed: number, some = images) =>
        (await shrunkBy({ images: some, score: PanopticScore.PANOPTIC_SCORE_TA_VAAL, seed })).ranks;
      const ranks = await drawn(1);
      expect(Math.min(...ranks)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...ranks)).toBeLessThan(1);
      expect(ranks.reduce((sum, rank) => sum + rank, 0) / 40).toBeCloseTo(0.5, 0);
      expect(new Set(ranks).size).toBe(40);
      expect(await drawn(1, images.slice(30))).toEqual(ranks.slice(30));
      expect(await drawn(2)).not.toEqual(ranks);
    });

    it('refuses no size, no images, and names the one that it cannot read', async () => {
      const score = PanopticScore.PANOPTIC_SCORE_VAAL;
      const images = [await imageOf('a')];
      await expect(rateWith({ images, score })).rejects.toThrow('size: expected a height and a width');
      await expect(rateWith({ images: [], score, thumbnailSize })).rejects.toThrow('expected images to shrink');
      const broken = { imageId: 'broken', image: refBlob(await objects.put(Uint8Array.of(3))), origins: undefined };
      await expect(rateWith({ images: [broken], score, thumbnailSize })).rejects.toThrow(/^image broken: /);
    });
  });

  it('refuses a score that it does not know, and names the image that it cannot read', async () => {
    await expect(
      rateWith({ model: undefined, images: [], score: PanopticScore.PANOPTIC_SCORE_UNSPECIFIED }),
    ).rejects.toThrow('score: expected a panoptic score');
    const broken = { imageId: 'broken', image: refBlob(await objects.put(Uint8Array.of(1, 2))), origins: undefined };
    await expect(rateWith({ model: await modelOf(1), images: [broken], score: predicted })).rejects.toThrow(
      /^image broken: /,
    );
  });
});
