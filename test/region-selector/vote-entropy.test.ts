import { afterAll, describe, expect, it } from 'vitest';
import { entropyOfVotes } from '../../services/region-selector/entropy-of-votes.ts';
import { openVoteEntropy } from '../../services/region-selector/vote-entropy.ts';
import { freshWeights } from '../../services/shared/model/fresh-weights.ts';
import { networkParameters } from '../../services/shared/model/network-parameters.ts';
import { closeScoringModels, openScoringModel } from '../../services/shared/model/open-scoring-model.ts';
import { writeSafetensors } from '../../services/shared/model/safetensors.ts';
import { refBlob } from '../../services/shared/objects/blob.ts';
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
    const entropy = (await openVoteEntropy(context, model, passes))(tinyImage('a'), seed);
    const network = await openScoringModel(objects, model);
    const votes = votesOfPasses(network, tinyImage('a'), { passes, seed, classCount: TINY_CLASSES });
    const all = Uint8Array.from(votes.flatMap((classes) => [...classes]));
    const definition = entropyOfVotes(all, { passes, classCount: TINY_CLASSES });
    expect(entropy).toEqual(Float32Array.from(definition));
    expect(entropy.some((value) => value > 0)).toBe(true);
  });

  it('depends on the image and the seed alone', async () => {
    const voteEntropy = await openVoteEntropy(context, model, passes);
    const first = voteEntropy(tinyImage('a'), seed);
    expect(voteEntropy(tinyImage('b'), seed)).not.toEqual(first);
    expect(voteEntropy(tinyImage('a'), [5, 7])).not.toEqual(first);
    expect(voteEntropy(tinyImage('a'), seed)).toEqual(first);
  });
});
