import { describe, expect, it } from 'vitest';
import type { CampaignConfig } from '../../../proto/gen/cpral/v1/resources.ts';
import { groupCampaigns } from '../../../services/cli/study/group-campaigns.ts';
import { presetConfig } from '../../support/campaign-config.ts';
import { seeded } from '../support/study-fixture.ts';

const collected = (change: Partial<CampaignConfig>) => {
  const config = presetConfig(change);
  return { config, result: seeded(config.strategy, config.seed, [0.4, 0.5]) };
};
const options = { control: undefined, poolImages: 60 };

describe('campaigns side by side', () => {
  it('are one arm where they differ in their seed alone', () => {
    const campaigns = [collected({ seed: 2 }), collected({ seed: 1 }), collected({ strategy: 'random', seed: 1 })];
    const { arms, figure } = groupCampaigns(campaigns, options);
    expect(arms.map(({ arm, campaigns }) => [arm.name, campaigns.map(({ seed }) => seed)])).toEqual([
      ['cpral', [1, 2]],
      ['random', [1]],
    ]);
    expect(figure.control).toBe('random');
  });

  it('of one strategy are told apart by what differs', () => {
    const campaigns = [collected({ oracleNoise: 0 }), collected({ oracleNoise: 0.2 })];
    const { figure } = groupCampaigns(campaigns, options);
    expect(figure.arms.map(({ name }) => name)).toEqual(['cpral (oracleNoise 0)', 'cpral (oracleNoise 0.2)']);
    expect(figure.control).toBe('cpral (oracleNoise 0)');
  });

  it('take a training on all labels as what others are measured against', () => {
    const { arms, full } = groupCampaigns([collected({}), collected({ cycles: 1, initialImages: 60 })], options);
    expect(arms).toHaveLength(1);
    expect(full).toHaveLength(1);
  });

  it('refuse a seed that comes twice, and a control that is not there', () => {
    const twice = [collected({ seed: 1 }), { ...collected({ seed: 1 }) }];
    expect(() => groupCampaigns(twice, options)).toThrow('campaigns: expected each seed of cpral once, got 1 twice');
    expect(() => groupCampaigns([collected({})], { ...options, control: 'magic' })).toThrow(
      '--control: expected one of cpral, got magic',
    );
  });
});
