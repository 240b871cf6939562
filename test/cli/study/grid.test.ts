import { describe, expect, it } from 'vitest';
import { FIGURE_NAMES, figureNamed, PAPER_FIGURES } from '../../../services/cli/study/figures.ts';
import { planGrid } from '../../../services/cli/study/grid.ts';
import { planCampaign } from '../../../services/pool-registry/campaign/plan.ts';
import { strategyNamed } from '../../../services/pool-registry/campaign/strategies.ts';
import { campaignConfig } from '../../../services/shared/campaign/campaign-config.ts';
import { PRESETS } from '../../../services/shared/campaign/presets.ts';

const POOL = 367;
const base = campaignConfig(PRESETS.camvid, 'random', { seed: 5 });
const figuresOf = (names: readonly (typeof FIGURE_NAMES)[number][]) => names.map((name) => figureNamed(name, base));

describe('a grid of campaigns', () => {
  it('has one for each arm and seed, and one on all labels for each seed', () => {
    const figures = figuresOf(['decisive']);
    const grid = planGrid(figures, { base, seeds: 3, poolImages: POOL });
    expect(grid).toHaveLength(3 * (figures[0]!.arms.length + 1));
    expect(new Set(grid.map(({ config }) => config.seed))).toEqual(new Set([5, 6, 7]));
    expect(grid.filter(({ config }) => config.initialImages === POOL)).toHaveLength(3);
  });

  it('does whole seeds one after the other', () => {
    const seeds = planGrid(figuresOf(['fig5', 'fig6']), { base, seeds: 2, poolImages: POOL }).map(
      ({ config }) => config.seed,
    );
    expect(seeds).toEqual(seeds.toSorted((a, b) => a - b));
  });

  it('plans a campaign once that several figures show', () => {
    const count = (names: readonly (typeof FIGURE_NAMES)[number][]) =>
      planGrid(figuresOf(names), { base, seeds: 1, poolImages: POOL }).length;
    // Figures 5 and 6 share CPRAL, loss prediction, random and the training on all labels.
    expect(count(['fig5', 'fig6'])).toBe(count(['fig5']) + count(['fig6']) - 4);
  });

  it('can be run: the registry takes every campaign of every figure', () => {
    for (const { config, title } of planGrid(figuresOf(FIGURE_NAMES), { base, seeds: 1, poolImages: POOL })) {
      expect(() => planCampaign(config, POOL), title).not.toThrow();
    }
  });
});

it('an arm that changes the training keeps the weights that it starts from', () => {
  const encoderWeights = { digest: 'sha256:00', sizeBytes: 1n };
  const started = { ...base, training: { ...base.training!, encoderWeights } };
  const figures = FIGURE_NAMES.map((name) => figureNamed(name, started));
  for (const { config, title } of planGrid(figures, { base: started, seeds: 1, poolImages: POOL })) {
    expect(config.training?.encoderWeights, title).toEqual(encoderWeights);
  }
});

describe('the figures', () => {
  it.each(FIGURE_NAMES)('%s names each arm once in its panel, and only strategies that there are', (name) => {
    const { arms, control } = figureNamed(name, base);
    const keys = arms.map((arm) => `${arm.name}/${arm.panel}`);
    expect(new Set(keys).size).toBe(keys.length);
    expect(arms.map((arm) => arm.name)).toContain(control);
    for (const { strategy } of arms) expect(() => strategyNamed(strategy)).not.toThrow();
  });

  it('compare arms at the same labelled pixels inside a panel', () => {
    for (const name of FIGURE_NAMES) {
      const { arms } = figureNamed(name, base);
      for (const panel of new Set(arms.map((arm) => arm.panel))) {
        const fractions = arms
          .filter((arm) => arm.panel === panel)
          .map(({ strategy, change }) => planCampaign({ ...base, ...change, strategy }, POOL).plan.finalFraction);
        expect(Math.max(...fractions) - Math.min(...fractions), `${name} ${panel}`).toBeLessThan(0.002);
      }
    }
  });

  it('all stands for what the paper shows', () => {
    expect(PAPER_FIGURES).toEqual(['fig5', 'fig6', 'fig7', 'fig8', 'time']);
  });
});
