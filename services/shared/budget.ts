// What a campaign may label, and what that comes to.
//
//   K = round(B H W / w^2)     regions a cycle; the fraction labelled at the end = (initial + (cycles - 1) B) / pool
//
//   B      budget of a cycle in image equivalents      H, W   the campaign's size in pixels
//   w      region side in pixels                       K      regions a cycle, over all images together
//
// A cycle pays for the pixels that are new in its regions: where some reach over labelled pixels it gets more than K of them.
// Between `cycles` points on the learning curve lie cycles - 1 acquisitions.
import { invalid } from './errors.ts';
import type { Size } from './images/images.ts';

export interface BudgetRequest {
  /** Fully labelled images at the start. */
  readonly initialImages: number;
  /** Trainings: points on the learning curve. */
  readonly cycles: number;
  readonly budgetImages: number;
  /** Images that the panoptic selection keeps; 0: twice the budget, rounded up, or all that are left. */
  readonly subsetImages: number;
  /** 0: the default of the size. */
  readonly regionSizePx: number;
  readonly size: Size;
  /** Images that the campaign may label. */
  readonly poolImages: number;
  /** The strategy labels whole images: a region is an image, and its size means nothing. */
  readonly wholeImages: boolean;
}

export interface BudgetPlan {
  readonly regionSizePx: number;
  /** K. */
  readonly regionsPerCycle: number;
  /** Pixels of these regions, at most half a region off the budget by the rounding. */
  readonly pixelsPerCycle: number;
  readonly subsetImages: number;
  /** Labelled share of the pool's pixels after the last acquisition. */
  readonly finalFraction: number;
}

/** @throws INVALID_ARGUMENT naming the field, with what was expected and what arrived */
export function planBudget(request: BudgetRequest): BudgetPlan {
  const { size, poolImages, cycles, initialImages, budgetImages } = request;
  checkCount('size.height', size.height, 1);
  checkCount('size.width', size.width, 1);
  checkCount('pool_images', poolImages, 1);
  checkCount('cycles', cycles, 1);
  checkCount('initial_images', initialImages, 1);
  if (initialImages > poolImages) {
    throw refusal('initial_images', `at most the pool's ${poolImages} images`, initialImages);
  }
  const regionSizePx = request.regionSizePx === 0 ? defaultRegionSizePx(size) : request.regionSizePx;
  if (!request.wholeImages) checkRegionSize(regionSizePx, size);

  const acquisitions = cycles - 1;
  if (!Number.isFinite(budgetImages) || budgetImages < 0 || (acquisitions > 0 && budgetImages === 0)) {
    throw refusal('budget_images', 'a number of images above 0', budgetImages);
  }
  const left = poolImages - initialImages;
  if (acquisitions * budgetImages > left) {
    const limit = `at most ${left / acquisitions} in each of ${acquisitions} acquisitions from the ${left} images left`;
    throw refusal('budget_images', limit, budgetImages);
  }
  if (request.wholeImages && !Number.isInteger(budgetImages)) {
    throw refusal('budget_images', 'a whole number where whole images are labelled', budgetImages);
  }

  const pixelsPerRegion = request.wholeImages ? size.height * size.width : regionSizePx ** 2;
  const regions = request.wholeImages ? budgetImages : regionsPerCycle(budgetImages, size, regionSizePx);
  if (acquisitions > 0 && regions === 0) {
    throw refusal('budget_images', `at least one region of ${regionSizePx}x${regionSizePx} pixels`, budgetImages);
  }
  const pixelsPerCycle = regions * pixelsPerRegion;
  return {
    regionSizePx,
    regionsPerCycle: regions,
    pixelsPerCycle,
    subsetImages: subsetSize(request, left),
    finalFraction: finalFraction(request, pixelsPerCycle),
  };
}

function finalFraction({ initialImages, cycles, poolImages, size }: BudgetRequest, pixelsPerCycle: number): number {
  const acquiredImages = ((cycles - 1) * pixelsPerCycle) / (size.height * size.width);
  return Math.min(1, (initialImages + acquiredImages) / poolImages);
}

/** K of the equation above, halves rounded up. */
export function regionsPerCycle(budgetImages: number, { height, width }: Size, regionSizePx: number): number {
  return Math.round((budgetImages * height * width) / regionSizePx ** 2);
}

/**
 * The odd number nearest to an eighth of the height, the larger one where two are as near (512: 65, not 63), and at most
 * the largest odd number that fits the width.
 */
export function defaultRegionSizePx({ height, width }: Size): number {
  const nearestOdd = 2 * Math.floor(height / 16) + 1;
  const widestOdd = width % 2 === 1 ? width : width - 1;
  return Math.max(1, Math.min(nearestOdd, widestOdd));
}

/** How many windows an image can hold at most that do not overlap and lie at least spacingPx apart. */
export function maxWindows(size: Size, regionSizePx: number, spacingPx = 0): number {
  const along = (side: number) => Math.floor((side + spacingPx) / (regionSizePx + spacingPx));
  return along(size.height) * along(size.width);
}

/** @throws INVALID_ARGUMENT where a region has no centre pixel or does not fit the image */
export function checkRegionSize(regionSizePx: number, { height, width }: Size): number {
  if (!Number.isInteger(regionSizePx) || regionSizePx < 1 || regionSizePx % 2 === 0) {
    throw refusal('region_size_px', 'an odd number of pixels', regionSizePx);
  }
  if (regionSizePx > Math.min(height, width)) {
    throw refusal('region_size_px', `at most the image's ${Math.min(height, width)} pixels`, regionSizePx);
  }
  return regionSizePx;
}

function subsetSize({ subsetImages, budgetImages, cycles }: BudgetRequest, left: number): number {
  if (subsetImages === 0) return Math.min(left, Math.ceil(2 * budgetImages));
  checkCount('subset_images', subsetImages, 1);
  if (cycles > 1 && subsetImages < budgetImages) {
    throw refusal('subset_images', `at least the budget's ${budgetImages} images`, subsetImages);
  }
  if (cycles > 1 && subsetImages > left) {
    throw refusal('subset_images', `at most the ${left} images left`, subsetImages);
  }
  return subsetImages;
}

function checkCount(field: string, value: number, minimum: number): void {
  if (!Number.isInteger(value) || value < minimum) {
    throw refusal(field, `a whole number from ${minimum}`, value);
  }
}

const refusal = (field: string, expected: string, actual: number) =>
  invalid(`${field}: expected ${expected}, got ${actual}`, { field });
