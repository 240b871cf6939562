import { expect } from 'vitest';

/** Expects equal lengths and no value further off than the tolerance; names the worst one. */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  let worst = { index: 0, off: 0 };
  for (let index = 0; index < expected.length; index++) {
    const off = actual[index] === expected[index] ? 0 : Math.abs(actual[index]! - expected[index]!);
    if (off > worst.off || Number.isNaN(off))
      worst = { index, off: Number.isNaN(off) ? Number.POSITIVE_INFINITY : off };
  }
  expect(worst.off, `value ${worst.index}: ${actual[worst.index]} for ${expected[worst.index]}`).toBeLessThanOrEqual(
    tolerance,
  );
}
