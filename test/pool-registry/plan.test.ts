import { describe, expect, it } from 'vitest';
import type { CampaignConfig } from '../../proto/gen/cpral/v1/resources.ts';
import { planCampaign } from '../../services/pool-registry/campaign/plan.ts';
import { presetConfig } from '../support/campaign-config.ts';

const POOL = 10;
// 12x18 pixels, regions of 5x5, 8 of them a cycle from 4 images: at most 2 x 3 in an image, 1 x 2 where they are 5 apart.
const plan = (regionSpacingPx: number, strategy = 'cpral') =>
  planCampaign(presetConfig({ strategy, regionSpacingPx, budgetImages: 0.93 }), POOL).plan;

describe('stochastic passes', () => {
  const votes = { strategy: 'all+gaussian', passes: 1 };
  it('are refused where one is all there is, but for a campaign that only trains or selects without them', () => {
    expect(() => planCampaign(presetConfig(votes), POOL)).toThrow('config.passes: expected 2 to 1000, got 1');
    expect(() => planCampaign(presetConfig({ ...votes, cycles: 1 }), POOL)).not.toThrow();
    expect(() => planCampaign(presetConfig({ ...votes, strategy: 'random' }), POOL)).not.toThrow();
  });
});

describe('a spacing of regions', () => {
  it('is taken where the images that are searched have room for the budget', () => {
    expect(plan(0).regionsPerCycle).toBe(8);
    expect(plan(5).regionsPerCycle).toBe(8);
  });

  it('is refused where it would leave budget unspent', () => {
    expect(() => plan(9)).toThrow(
      'config.region_spacing_px: expected room for 8 regions in 4 images, got room for at most 4 with 9',
    );
  });

  it('has the whole pool where all images are searched', () => {
    expect(plan(9, 'all+gaussian').regionsPerCycle).toBe(8);
  });

  it('means nothing to whole images', () => {
    expect(() => planCampaign(presetConfig({ strategy: 'random', regionSpacingPx: 100 }), POOL)).not.toThrow();
  });
});

describe('a network without dropout', () => {
  const withoutDropout = (change: Partial<CampaignConfig>) => {
    const base = presetConfig(change);
    const network = { ...base.training!.network!, dropout: 0 };
    return () => planCampaign({ ...base, training: { ...base.training!, network } }, 100);
  };

  it.each(['cpral', 'mc-dropout', 'all+window-sum'])(
    'is refused with %s, which asks where passes differ',
    (strategy) => {
      expect(withoutDropout({ strategy })).toThrow(
        expect.objectContaining({ code: 'INVALID_ARGUMENT', field: 'config.training.network.dropout' }),
      );
    },
  );

  it('does for strategies without passes, and for one training', () => {
    for (const strategy of ['random', 'random-r', 'core-set']) expect(withoutDropout({ strategy })).not.toThrow();
    expect(withoutDropout({ strategy: 'cpral', cycles: 1 })).not.toThrow();
  });
});
