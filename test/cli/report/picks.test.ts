import { describe, expect, it } from 'vitest';
import { overlapShare } from '../../../services/cli/report/overlap.ts';
import { rareClasses, rareIou } from '../../../services/cli/report/rare-classes.ts';

const size = { height: 4, width: 10 };
const window = (imageId: string, left: number, width = 2) => ({ imageId, top: 1, left, height: 2, width });

describe('rare classes', () => {
  it('have less than half an even share, and occur', () => {
    expect(rareClasses([0.6, 0.15, 0.1, 0.15, 0])).toEqual([]);
    expect(rareClasses([0.72, 0.2, 0.08, 0])).toEqual([2]);
    expect(rareClasses([])).toEqual([]);
  });

  it('have the mean of their IoU, without those that do not occur', () => {
    expect(rareIou([0.9, 0.2, null, 0.4], [1, 2, 3])).toBeCloseTo(0.3, 12);
    expect(rareIou([0.9, null], [1])).toBeNull();
    expect(rareIou([0.9], [])).toBeNull();
  });
});

describe('the overlap of two selections', () => {
  it('is the share of the first one’s pixels that the second one has, image by image', () => {
    expect(overlapShare([window('a', 0), window('b', 0)], [window('a', 1, 5)], size)).toBe(0.25);
    expect(overlapShare([window('a', 0)], [window('b', 0)], size)).toBe(0);
  });

  it('counts a pixel once, and is nothing without picks', () => {
    expect(overlapShare([window('a', 0), window('a', 1)], [window('a', 0), window('a', 0)], size)).toBeCloseTo(
      2 / 3,
      12,
    );
    expect(overlapShare([], [window('a', 0)], size)).toBeNull();
  });
});
