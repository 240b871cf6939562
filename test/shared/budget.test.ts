import { describe, expect, test } from 'vitest';
import {
  type BudgetRequest,
  checkRegionSize,
  defaultRegionSizePx,
  maxWindows,
  planBudget,
} from '../../services/shared/budget.ts';

const CITYSCAPES: BudgetRequest = {
  initialImages: 200,
  cycles: 5,
  budgetImages: 200,
  subsetImages: 400,
  regionSizePx: 65,
  size: { height: 512, width: 1024 },
  poolImages: 2975,
  wholeImages: false,
};

const CAMVID: BudgetRequest = {
  initialImages: 40,
  cycles: 4,
  budgetImages: 20,
  subsetImages: 0,
  regionSizePx: 0,
  size: { height: 180, width: 240 },
  poolImages: 367,
  wholeImages: false,
};

describe('planBudget', () => {
  test('Cityscapes in the paper: 24,818 regions of 65x65 a cycle, 33.6 % of the pool after five trainings', () => {
    const plan = planBudget(CITYSCAPES);
    expect(plan).toMatchObject({ regionSizePx: 65, regionsPerCycle: 24_818, pixelsPerCycle: 104_856_050 });
    expect((100 * plan.finalFraction).toFixed(1)).toBe('33.6');
  });

  test('BDD100K in the paper: 34.3 % of the pool after six trainings', () => {
    const plan = planBudget({
      ...CITYSCAPES,
      initialImages: 400,
      cycles: 6,
      budgetImages: 400,
      subsetImages: 800,
      regionSizePx: 0,
      size: { height: 720, width: 1280 },
      poolImages: 7000,
    });
    expect((100 * plan.finalFraction).toFixed(1)).toBe('34.3');
  });

  test('the default subset is twice the budget, and at most what is left', () => {
    expect(planBudget(CAMVID).subsetImages).toBe(40);
    expect(planBudget({ ...CAMVID, budgetImages: 1.3 }).subsetImages).toBe(3);
    expect(planBudget({ ...CAMVID, initialImages: 307, budgetImages: 20 }).subsetImages).toBe(40);
    expect(planBudget({ ...CAMVID, initialImages: 337, cycles: 2, budgetImages: 20 }).subsetImages).toBe(30);
  });

  test('whole images: a region is an image', () => {
    expect(planBudget({ ...CITYSCAPES, wholeImages: true })).toMatchObject({
      regionsPerCycle: 200,
      pixelsPerCycle: 200 * 512 * 1024,
      finalFraction: 1000 / 2975,
    });
  });

  test('single pixels are a legal region', () => {
    const plan = planBudget({ ...CAMVID, regionSizePx: 1, budgetImages: 0.25 });
    expect(plan).toMatchObject({ regionsPerCycle: 10_800, pixelsPerCycle: 10_800 });
  });

  test('one training on the whole pool needs no budget', () => {
    const plan = planBudget({ ...CAMVID, initialImages: 367, cycles: 1, budgetImages: 0 });
    expect(plan).toMatchObject({ regionsPerCycle: 0, finalFraction: 1 });
  });

  test('regions are at most half a region off the budget, whatever the sizes', () => {
    for (let regionSizePx = 1; regionSizePx <= 179; regionSizePx += 2) {
      for (const budgetImages of [1, 2.5, 20, 33.3]) {
        const { pixelsPerCycle } = planBudget({ ...CAMVID, regionSizePx, budgetImages });
        expect(Math.abs(pixelsPerCycle - budgetImages * 180 * 240)).toBeLessThanOrEqual(regionSizePx ** 2 / 2 + 1e-6);
      }
    }
  });

  test.each<[Partial<BudgetRequest>, string]>([
    [{ regionSizePx: 181 }, "region_size_px: expected at most the image's 180 pixels, got 181"],
    [{ regionSizePx: 24 }, 'region_size_px: expected an odd number of pixels, got 24'],
    [{ regionSizePx: -3 }, 'region_size_px: expected an odd number of pixels, got -3'],
    [{ regionSizePx: Number.NaN }, 'region_size_px: expected an odd number of pixels, got NaN'],
    [
      { budgetImages: 110 },
      'budget_images: expected at most 109 in each of 3 acquisitions from the 327 images left, got 110',
    ],
    [{ budgetImages: Number.NaN }, 'budget_images: expected a number of images above 0, got NaN'],
    [{ budgetImages: -1 }, 'budget_images: expected a number of images above 0, got -1'],
    [{ budgetImages: 0 }, 'budget_images: expected a number of images above 0, got 0'],
    [{ budgetImages: 0.001 }, 'budget_images: expected at least one region of 23x23 pixels, got 0.001'],
    [
      { budgetImages: 2.5, wholeImages: true },
      'budget_images: expected a whole number where whole images are labelled',
    ],
    [{ initialImages: 368 }, "initial_images: expected at most the pool's 367 images, got 368"],
    [{ initialImages: 0 }, 'initial_images: expected a whole number from 1, got 0'],
    [{ initialImages: 1.5 }, 'initial_images: expected a whole number from 1, got 1.5'],
    [{ cycles: 0 }, 'cycles: expected a whole number from 1, got 0'],
    [{ cycles: Number.NaN }, 'cycles: expected a whole number from 1, got NaN'],
    [{ subsetImages: 19 }, "subset_images: expected at least the budget's 20 images, got 19"],
    [{ subsetImages: 328 }, 'subset_images: expected at most the 327 images left, got 328'],
    [{ poolImages: 0 }, 'pool_images: expected a whole number from 1, got 0'],
    [{ size: { height: 0, width: 240 } }, 'size.height: expected a whole number from 1, got 0'],
  ])('%j is refused by name', (change, message) => {
    expect(() => planBudget({ ...CAMVID, ...change })).toThrow(message);
  });
});

describe('defaultRegionSizePx', () => {
  test.each([
    [512, 65],
    [180, 23],
    [360, 45],
    [720, 91],
    [64, 9],
    [1, 1],
  ])('height %i: %i', (height, size) => {
    expect(defaultRegionSizePx({ height, width: 2048 })).toBe(size);
  });

  test('is odd, legal, and nearest to an eighth of the height wherever the width allows it', () => {
    for (let height = 1; height <= 600; height++) {
      const size = defaultRegionSizePx({ height, width: 600 });
      expect(checkRegionSize(size, { height, width: 600 })).toBe(size);
      const distance = Math.abs(size - height / 8);
      expect(distance).toBeLessThanOrEqual(1);
      // The larger one of two that are as near.
      expect(Math.abs(size + 2 - height / 8)).toBeGreaterThan(distance);
    }
  });

  test('fits a narrow image', () => {
    expect(defaultRegionSizePx({ height: 512, width: 20 })).toBe(19);
    expect(defaultRegionSizePx({ height: 512, width: 1 })).toBe(1);
  });
});

test('maxWindows counts the windows of a grid', () => {
  expect(maxWindows({ height: 180, width: 240 }, 23)).toBe(70);
  expect(maxWindows({ height: 5, width: 5 }, 5)).toBe(1);
  expect(maxWindows({ height: 4, width: 7 }, 1)).toBe(28);
  // Rows 0 and 7, columns 0, 7 and 14: of 5 pixels, 2 apart.
  expect(maxWindows({ height: 12, width: 19 }, 5, 2)).toBe(6);
});
