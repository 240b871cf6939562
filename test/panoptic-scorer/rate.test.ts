import { afterAll, describe, expect, it } from 'vitest';
import type { ScoringImage, ScoringModel } from '../../proto/gen/cpral/v1/panoptic_scorer.ts';
import { PanopticScore } from '../../proto/gen/cpral/v1/resources.ts';
import rate from '../../services/panoptic-scorer/rate.ts';
import { encodeRgb } from '../../services/shared/images/images.ts';
import { freshWeights } from '../../services/shared/model/fresh-weights.ts';
import { networkParameters } from '../../services/shared/model/network-parameters.ts';
import { closeScoringModels } from '../../services/shared/model/open-scoring-model.ts';
import { writeSafetensors } from '../../services/shared/model/safetensors.ts';
import { refBlob } from '../../services/shared/objects/blob.ts';
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

const predicted = PanopticScore.PANOPTIC_SCORE_LOSS_PREDICTION;

describe('rating', () => {
  it('gives an image the same rating in every shard', async () => {
    const [a, b, c] = await Promise.all(['a', 'b', 'c'].map(imageOf));
    const model = await modelOf(1);
    const whole = await rate({ model, images: [a!, b!, c!], score: predicted }, context);
    const part = await rate({ model, images: [c!, a!], score: predicted }, context);
    expect(whole.ratings.map(({ imageId }) => imageId)).toEqual(['a', 'b', 'c']);
    expect(new Set(whole.ratings.map(({ rating }) => rating)).size).toBe(3);
    expect(part.ratings).toEqual([whole.ratings[2], whole.ratings[0]]);
  });

  it('follows the model that it is given', async () => {
    const images = [await imageOf('a')];
    const rateWith = async (seed: number) =>
      (await rate({ model: await modelOf(seed), images, score: predicted }, context)).ratings;
    const first = await rateWith(1);
    expect(await rateWith(2)).not.toEqual(first);
    expect(await rateWith(1)).toEqual(first);
  });

  it('needs no model where it is random or keeps all', async () => {
    const images = await Promise.all(['a', 'b'].map(imageOf));
    const all = await rate({ model: undefined, images, score: PanopticScore.PANOPTIC_SCORE_ALL }, context);
    expect(all.ratings.map(({ rating }) => rating)).toEqual([0, 0]);
    const random = await rate({ model: undefined, images, score: PanopticScore.PANOPTIC_SCORE_RANDOM }, context);
    expect(random.ratings[0]!.rating).not.toBe(random.ratings[1]!.rating);
  });

  it('refuses a score that it does not know, and names the image that it cannot read', async () => {
    await expect(
      rate({ model: undefined, images: [], score: PanopticScore.PANOPTIC_SCORE_UNSPECIFIED }, context),
    ).rejects.toThrow('score: expected a panoptic score');
    const broken = { imageId: 'broken', image: refBlob(await objects.put(Uint8Array.of(1, 2))), origins: undefined };
    await expect(rate({ model: await modelOf(1), images: [broken], score: predicted }, context)).rejects.toThrow(
      /^image broken: /,
    );
  });
});
