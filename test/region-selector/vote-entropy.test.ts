import { afterAll, describe, expect, it } from 'vitest';
import { openVoteEntropy } from '../../services/region-selector/vote-entropy.ts';
import { freshWeights } from '../../services/shared/model/fresh-weights.ts';
import { networkParameters } from '../../services/shared/model/network-parameters.ts';
import { closeScoringModels, openScoringModel } from '../../services/shared/model/open-scoring-model.ts';
import { writeSafetensors } from '../../services/shared/model/safetensors.ts';
import { refBlob } from '../../services/shared/objects/blob.ts';
import { expectClose } from '../support/expect-close.ts';
import { memoryObjectStore } from '../support/memory-object-store.ts';
import { TINY_CLASSES, TINY_NETWORK, TINY_SIZE, tinyImage } from '../support/tiny-network.ts';
import { votesOfPasses } from '../support/votes-of-passes.ts';

const objects = memoryObjectStore();
const context = { objects, progress: () => {} };
const weights = writeSafetensors(freshWeights(networkParameters(TINY_NETWORK, TINY_CLASSES), 1));
const model = {
  network: TINY_NETWORK,
  classCount: TINY_CLASSES,
  size: TINY_SIZE,
  weights: refBlob(await objects.put(weights)),
};
const passes = 7;
const seed = [5, 6] as const;
afterAll(closeScoringModels);

describe('a vote entropy map', () => {
  it('is the definition applied to the votes of all passes', async () => {
    const { entropy } = (await openVoteEntropy(context, model, passes))(tinyImage('a'), seed);
    const network = await openScoringModel(objects, model);
    const votes = votesOfPasses(network, tinyImage('a'), { passes, seed, classCount: TINY_CLASSES });
    const definition = Float64Array.from(entropy, (_, pixel) => {
      const shares = Array.from({ length: TINY_CLASSES }, (_, id) => {
        return votes.filter((classes) => classes[pixel] === id).length / passes;
      });
      return shares.reduce((bits, share) => (share === 0 ? bits : bits - share * Math.log2(share)), 0);
    });
    expectClose(entropy, definition, 1e-6);
    expect(entropy.some((value) => value > 0)).toBe(true);
  });

  it('depends on the image and the seed alone', async () => {
    const voteEntropy = await openVoteEntropy(context, model, passes);
    const first = voteEntropy(tinyImage('a'), seed).entropy;
    expect(voteEntropy(tinyImage('b'), seed).entropy).not.toEqual(first);
    expect(voteEntropy(tinyImage('a'), [5, 7]).entropy).not.toEqual(first);
    expect(voteEntropy(tinyImage('a'), seed).entropy).toEqual(first);
  });

  it('comes with the class that most passes gave a pixel, the smallest of equals', async () => {
    const { classes } = (await openVoteEntropy(context, model, passes))(tinyImage('a'), seed);
    const favourites = classes();
    const network = await openScoringModel(objects, model);
    const votes = votesOfPasses(network, tinyImage('a'), { passes, seed, classCount: TINY_CLASSES });
    const counted = Uint8Array.from(favourites, (_, pixel) => {
      const counts = Array.from({ length: TINY_CLASSES }, (_, id) => votes.filter((each) => each[pixel] === id).length);
      return counts.indexOf(Math.max(...counts));
    });
    expect(favourites).toEqual(counted);
    expect(new Set(favourites).size).toBeGreaterThan(1);
  });
});
