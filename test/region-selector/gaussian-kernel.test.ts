import { describe, expect, test } from 'vitest';
import { gaussianKernel } from '../../services/region-selector/gaussian-kernel.ts';
import { normalProbability } from '../../services/region-selector/normal-distribution.ts';

const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);

describe('gaussianKernel', () => {
  test('s = 65, sigma = 2: maximum 1.672, corner 0.241, mean 0.933', () => {
    const k = gaussianKernel({ regionSizePx: 65, sigma: 2 });
    expect((k[32]! ** 2).toFixed(3)).toBe('1.672');
    expect((k[0]! * k[64]!).toFixed(3)).toBe('0.241');
    expect((sum(k) ** 2 / 65 ** 2).toFixed(3)).toBe('0.933');
  });

  test.each([
    [1, 2],
    [3, 2],
    [23, 2],
    [65, 2],
    [65, 0.01],
    [65, 30],
    [4, 1],
  ])('s = %i, sigma = %d: the squares of K sum to s^2, k is symmetric, and falls from the centre', (s, sigma) => {
    const k = gaussianKernel({ regionSizePx: s, sigma });
    expect(k).toHaveLength(s);
    // sum(K^2) = (sum k^2)^2.
    expect(sum(k.map((value) => value ** 2)) ** 2).toBeCloseTo(s ** 2, 8);
    expect([...k].reverse()).toEqual([...k]);
    for (let i = 1; i <= (s - 1) / 2; i++) expect(k[i]!).toBeGreaterThan(k[i - 1]!);
  });

  test('a sigma near zero is the plain window sum: K = 1 everywhere', () => {
    for (const value of gaussianKernel({ regionSizePx: 65, sigma: 1e-4 })) expect(value).toBeCloseTo(1, 8);
  });

  test('a window of one pixel has the kernel 1, whatever sigma is', () => {
    for (const sigma of [0.1, 2, 50]) expect([...gaussianKernel({ regionSizePx: 1, sigma })]).toEqual([1]);
  });

  test('sigma of 2 pixels: some 230 of 4,225 pixels weigh at least a hundredth of the centre', () => {
    const k = gaussianKernel({ regionSizePx: 65, sigma: 2, sigmaUnit: 'pixels' });
    const weights = [...k].flatMap((a) => [...k].map((b) => a * b));
    const count = weights.filter((weight) => weight >= 0.01 * k[32]! ** 2).length;
    expect(count).toBeGreaterThan(220);
    expect(count).toBeLessThan(250);
    expect(sum(weights.map((weight) => weight ** 2))).toBeCloseTo(65 ** 2, 8);
  });

  test('a quarter of the window in pixels is two deviations across it', () => {
    const pixels = gaussianKernel({ regionSizePx: 65, sigma: 65 / 4, sigmaUnit: 'pixels' });
    expect(pixels).toEqual(gaussianKernel({ regionSizePx: 65, sigma: 2 }));
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('sigma = %d is refused', (sigma) => {
    expect(() => gaussianKernel({ regionSizePx: 5, sigma })).toThrow('sigma is above 0');
  });
});

describe('normalProbability', () => {
  test('one, two and three standard deviations', () => {
    expect(normalProbability(-1, 1)).toBeCloseTo(0.682689492137086, 14);
    expect(normalProbability(-2, 2)).toBeCloseTo(0.954499736103642, 14);
    expect(normalProbability(-3, 3)).toBeCloseTo(0.99730020393674, 14);
  });

  test('far out it keeps its relative precision', () => {
    // Phi(-10) and Phi(-20) to twelve digits.
    expect(normalProbability(10, 40) / 7.61985302416e-24).toBeCloseTo(1, 10);
    expect(normalProbability(-40, -20) / 2.75362411861e-89).toBeCloseTo(1, 10);
  });

  test('is symmetric, and continuous where the formula changes', () => {
    expect(normalProbability(1, 3.5)).toBe(normalProbability(-3.5, -1));
    const steps = [2.9, 2.95, 3, 3.05, 3.1];
    const parts = steps.slice(1).map((to, i) => normalProbability(steps[i]!, to));
    expect(sum(parts) / normalProbability(2.9, 3.1)).toBeCloseTo(1, 12);
  });

  test('nothing lies between a point and itself', () => {
    for (const x of [-5, -3, 0, 1, 3, 8]) expect(normalProbability(x, x)).toBe(0);
  });
});
