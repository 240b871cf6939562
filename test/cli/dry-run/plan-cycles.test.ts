import { describe, expect, it } from 'vitest';
import { estimateSeconds } from '../../../services/cli/dry-run/estimate-seconds.ts';
import { planCycles } from '../../../services/cli/dry-run/plan-cycles.ts';
import { durationText, estimateText, planTable } from '../../../services/cli/dry-run/plan-text.ts';
import { campaignConfig } from '../../../services/shared/campaign/campaign-config.ts';
import { PRESETS } from '../../../services/shared/campaign/presets.ts';
import { strategyOfParts } from '../../../services/shared/strategy-parts.ts';

const cityscapes = campaignConfig(PRESETS['paper-cityscapes'], 'cpral', {});
const cpral = strategyOfParts('loss-prediction+gaussian+extension');
const random = strategyOfParts('random+whole-image');

describe('the plan of a campaign', () => {
  it('has the numbers of the paper: a third of Cityscapes, and 1800 images touched at most', () => {
    const cycles = planCycles(cityscapes, cpral, 2975);
    expect(cycles.map(({ images }) => images)).toEqual([
      { least: 200, most: 200 },
      { least: 400, most: 600 },
      { least: 600, most: 1000 },
      { least: 800, most: 1400 },
      { least: 1000, most: 1800 },
    ]);
    expect(cycles.at(-1)!.fraction).toBeCloseTo(0.336, 3);
    expect(cycles[0]!.trainingSteps).toEqual({ least: 2500, most: 2500 });
    expect(cycles[0]!.acquisition).toEqual({
      ratedImages: 2775,
      subsetImages: 400,
      regions: 24818,
      regionSizePx: 65,
      pixels: 24818 * 65 * 65,
    });
    expect(cycles.at(-1)!.acquisition).toBeUndefined();
  });

  it('of whole images knows how many it touches, and rates none where they are random', () => {
    const cycles = planCycles(cityscapes, random, 2975);
    expect(cycles.at(-1)!.images).toEqual({ least: 1000, most: 1000 });
    expect(cycles[0]!.acquisition).toMatchObject({ ratedImages: 0, regions: 200, regionSizePx: 0, subsetImages: 200 });
  });

  it('without a panoptic part searches everything that is left', () => {
    const [first] = planCycles(cityscapes, strategyOfParts('all+gaussian'), 2975);
    expect(first!.acquisition).toMatchObject({ ratedImages: 0, subsetImages: 2775 });
  });

  it('by VAAL trains a sampler for as many steps as the model', () => {
    const vaal = strategyOfParts('vaal+whole-image');
    const cycles = planCycles(cityscapes, vaal, 2975);
    const steps = cycles.slice(0, -1).map(({ acquisition }) => acquisition!.samplerSteps);
    expect(steps).toEqual([2500, 5000, 7500, 10000].map((count) => ({ least: count, most: count })));
    expect(planTable(cycles)).toMatch(/ 2775 images by 2500 sampler steps +200 images +200 images /);
  });

  it('refuses a budget that the pool cannot give', () => {
    expect(() => planCycles(cityscapes, cpral, 500)).toThrow('budget_images: expected at most');
  });

  it('is a table with a row a training, the last one without an acquisition', () => {
    const lines = planTable(planCycles(cityscapes, cpral, 2975))
      .split('\n')
      .slice(2);
    expect(lines).toHaveLength(5);
    expect(lines[1]).toMatch(
      /^ +2 +13\.4 % +\d+ +400–600 +5000–7500 +2775 images +400 images +24818 of 65x65 +104856050$/,
    );
    expect(lines[4]).toMatch(/1000–1800 +12500–22500$/);
  });
});

const NONE = { least: 0, most: 0 };

describe('an estimate of time', () => {
  const config = campaignConfig(PRESETS.camvid, 'cpral', { cycles: 2, steps: 10, initialImages: 4, budgetImages: 2 });
  const of = (strategy: typeof cpral) => {
    const cycles = planCycles(config, strategy, 20);
    return estimateSeconds(
      cycles,
      { config, strategy, valImages: 5 },
      { forward: 1, stochasticPass: 0.5, samplerStep: 0.1 },
    );
  };

  it('adds up trainings, ratings and stochastic passes', () => {
    // Two trainings of 10 steps of 4 images, 3 forward passes each, and 5 images to validate on; 16 ratings, 4 searches.
    expect(of(cpral)).toEqual({
      training: { least: 250, most: 250 },
      selection: 16 + 4 * (1 + 20 * 0.5),
      sampler: NONE,
    });
  });

  it('counts all passes of MC dropout, and nothing where chance selects', () => {
    expect(of(strategyOfParts('mc-dropout+whole-image')).selection).toBe(16 * 11);
    expect(of(random).selection).toBe(0);
    expect(of(strategyOfParts('all+random')).selection).toBe(0);
  });

  it('counts the steps of VAAL’s networks, and forward passes only where they see the model’s ranks', () => {
    const sampler = { least: 1, most: 1 };
    expect(of(strategyOfParts('vaal+whole-image'))).toMatchObject({ selection: 0, sampler });
    expect(of(strategyOfParts('ta-vaal+whole-image'))).toMatchObject({ selection: 16, sampler });
  });

  it('is said in round words', () => {
    expect([95, 600, 9000].map(durationText)).toEqual(['95 s', '10 min', '2.5 h']);
    expect(estimateText({ training: { least: 3000, most: 9000 }, selection: 60, sampler: NONE })).toContain(
      ': 51 min to 2.5 h (training 50 min–2.5 h, selection 60 s)',
    );
    const sampler = { least: 60, most: 120 };
    expect(estimateText({ training: { least: 60, most: 60 }, selection: 0, sampler })).toContain(
      ': 2 min to 3 min (training 60 s, selection 0 s, its sampler 60 s–2 min)',
    );
  });
});
