import { afterAll, describe, expect, test } from 'vitest';
import { type CandidateOptions, findCandidates, maskLabelled } from '../../services/region-selector/candidates.ts';
import { openGaussianFilter } from '../../services/region-selector/gaussian-filter.ts';
import { gaussianKernel } from '../../services/region-selector/gaussian-kernel.ts';
import { windowSum } from '../../services/region-selector/window-sum.ts';
import type { Size } from '../../services/shared/images/images.ts';
import { seededRandom } from '../../services/shared/random.ts';

const SIZE = { height: 12, width: 15 };
const PIXELS = SIZE.height * SIZE.width;
const FILTERS = {
  gaussian(size: Size, regionSizePx: number): CandidateOptions['filter'] {
    const filter = openGaussianFilter(size, gaussianKernel({ regionSizePx, sigma: 2 }));
    open.push(filter);
    return filter.filter;
  },
  'window-sum': (size: Size, regionSizePx: number) => (entropy: Float32Array) => windowSum(entropy, size, regionSizePx),
};
const open: Disposable[] = [];
afterAll(() => {
  for (const filter of open) filter[Symbol.dispose]();
});
const NOTHING = new Uint8Array(PIXELS);
const randomMap = (seed: number) => Float32Array.from({ length: PIXELS }, seededRandom('candidates', seed));

describe('maskLabelled', () => {
  test('labelled pixels count nothing, the others stay', () => {
    expect([...maskLabelled([1, 2, 3], Uint8Array.of(0, 1, 0))]).toEqual([1, 0, 3]);
  });
});

describe.each(['gaussian', 'window-sum'] as const)('findCandidates by %s', (filter) => {
  const optionsFor = (size: Size, regionSizePx: number): CandidateOptions => ({
    filter: FILTERS[filter](size, regionSizePx),
    regionSizePx,
    maxCandidates: 1000,
  });
  const options = optionsFor(SIZE, 3);

  test('the window around a bright spot comes first', () => {
    const entropy = new Float32Array(PIXELS);
    for (const y of [6, 7, 8]) for (const x of [4, 5, 6]) entropy[y * SIZE.width + x] = 1;
    expect(findCandidates(entropy, NOTHING, SIZE, options)[0]).toMatchObject({ top: 6, left: 4 });
  });

  test('a wholly labelled image has no candidate', () => {
    const labelled = new Uint8Array(PIXELS).fill(1);
    expect(findCandidates(new Float32Array(PIXELS), labelled, SIZE, options)).toEqual([]);
  });

  test('windows of score zero come after all others, and none is wholly labelled', () => {
    const labelled = new Uint8Array(PIXELS).fill(1, 0, 6 * SIZE.width);
    const entropy = maskLabelled(new Float32Array(PIXELS).fill(0).fill(1, 11 * SIZE.width), labelled);
    const candidates = findCandidates(entropy, labelled, SIZE, options);
    const firstZero = candidates.findIndex(({ score }) => score === 0);
    expect(firstZero).toBeGreaterThan(0);
    expect(candidates.slice(firstZero).every(({ score }) => score === 0)).toBe(true);
    expect(candidates.every(({ top }) => top + 3 > 6)).toBe(true);
  });

  test('a candidate costs its unlabelled pixels', () => {
    const labelled = new Uint8Array(PIXELS).fill(1, 0, 6 * SIZE.width + 7);
    for (const { top, left, unlabelledPixels } of findCandidates(randomMap(3), labelled, SIZE, options)) {
      let expected = 0;
      for (let y = top; y < top + 3; y++)
        for (let x = left; x < left + 3; x++) if (labelled[y * SIZE.width + x] === 0) expected++;
      expect(unlabelledPixels).toBe(expected);
    }
  });

  test('a map of zeros still has candidates where nobody looked', () => {
    expect(findCandidates(new Float32Array(PIXELS), NOTHING, SIZE, options)).toHaveLength(20);
  });

  test('a window as large as the image, on an image of one pixel too', () => {
    const one = { height: 1, width: 1 };
    expect(findCandidates(Float32Array.of(2), Uint8Array.of(0), one, optionsFor(one, 1))).toEqual([
      { top: 0, left: 0, score: 2, unlabelledPixels: 1 },
    ]);
    const square = { height: 5, width: 5 };
    const map = randomMap(1).subarray(0, 25);
    expect(findCandidates(map, new Uint8Array(25), square, optionsFor(square, 5))).toHaveLength(1);
  });

  test('equal maps give equal candidates', () => {
    const find = () => findCandidates(randomMap(2), NOTHING, SIZE, options);
    expect(find()).toEqual(find());
  });
});

test('the Gaussian prefers what lies in the middle of a window, the plain sum does not care', () => {
  // Two spots: one pixel of 1, and two pixels of 0.55 at the two ends of a window.
  const entropy = new Float32Array(PIXELS);
  entropy[2 * SIZE.width + 2] = 1;
  entropy[8 * SIZE.width + 8] = 0.55;
  entropy[8 * SIZE.width + 12] = 0.55;
  const best = (filter: keyof typeof FILTERS) =>
    findCandidates(entropy, NOTHING, SIZE, { filter: FILTERS[filter](SIZE, 5), regionSizePx: 5, maxCandidates: 1 })[0]!;
  expect(best('gaussian')).toMatchObject({ top: 0, left: 0 });
  expect(best('window-sum')).toMatchObject({ left: 8 });
});
