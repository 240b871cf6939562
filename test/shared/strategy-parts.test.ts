import { describe, expect, it } from 'vitest';
import { PanopticScore, RegionalScore } from '../../proto/gen/cpral/v1/resources.ts';
import { namesParts, PANOPTIC_PARTS, REGIONAL_PARTS, strategyOfParts } from '../../services/shared/strategy-parts.ts';

describe('a strategy by its parts', () => {
  it('is a panoptic and a regional part, and an extension where one is named', () => {
    expect(strategyOfParts('entropy+window-sum')).toEqual({
      name: 'entropy+window-sum',
      panoptic: PanopticScore.PANOPTIC_SCORE_ENTROPY,
      regional: RegionalScore.REGIONAL_SCORE_WINDOW_SUM,
      extension: false,
      extensionConfig: undefined,
      entropyWeights: [],
    });
    expect(strategyOfParts('all+gaussian+extension')).toMatchObject({ extension: true, extensionConfig: undefined });
  });

  it('fixes the extension where it is the paper’s', () => {
    const { extensionConfig } = strategyOfParts('core-set+gaussian+paper-extension');
    expect(extensionConfig).toEqual({
      scale: 10,
      stridePx: 8,
      minConfidence: 0,
      maxDistancePx: 0,
      features: 1,
      method: 1,
    });
  });

  it('weighs the entropy of its windows where the regional part says so', () => {
    const { entropyWeights } = strategyOfParts('all+gaussian:rarity:void-discount');
    expect(entropyWeights).toEqual([1, 2]);
  });

  it('trains on the model’s own answers where it is told to', () => {
    expect(strategyOfParts('all+random+self-training').extensionConfig).toMatchObject({
      minConfidence: 0.9,
      method: 2,
    });
  });

  it('is told from a name by its sign', () => {
    expect(namesParts('all+random')).toBe(true);
    expect(namesParts('random-r')).toBe(false);
  });

  it.each([
    ['entropy', 'a regional part that is one of gaussian, window-sum, random, whole-image, got ""'],
    ['magic+gaussian', 'a panoptic part that is one of loss-prediction, entropy'],
    ['entropy+magic', 'a regional part that is one of'],
    ['entropy+gaussian+magic', 'an extension part that is one of extension, paper-extension, self-training'],
    ['all+gaussian:magic', 'an entropy weight part that is one of rarity, void-discount'],
    ['all+gaussian:rarity:rarity', 'each entropy weight once'],
    ['all+random:rarity', 'windows that are ranked by entropy'],
    ['entropy+whole-image:rarity', 'windows that are ranked by entropy'],
    ['entropy+gaussian+extension+extension', 'at most three parts'],
    ['entropy+constructor', 'a regional part that is one of'],
    ['all+whole-image', 'a rating that orders whole images'],
    ['random+whole-image+extension', 'regions where labels are extended'],
  ])('refuses %s', (parts, message) => {
    expect(() => strategyOfParts(parts)).toThrow(message);
  });

  it('can be every score that the protocol knows', () => {
    const known = (names: object) => Object.values(names).filter((value) => value > 0);
    expect(Object.values(PANOPTIC_PARTS).toSorted()).toEqual(known(PanopticScore).toSorted());
    expect(Object.values(REGIONAL_PARTS).toSorted()).toEqual(known(RegionalScore).toSorted());
  });
});
