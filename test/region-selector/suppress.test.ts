import { describe, expect, test } from 'vitest';
import { INELIGIBLE, type ScoredWindow, scoresByWindow, suppress } from '../../services/region-selector/suppress.ts';
import type { Size } from '../../services/shared/images/images.ts';
import { randomInteger, seededRandom } from '../../services/shared/random.ts';

const pick = (centres: number[], size: Size, regionSizePx: number, maxCandidates = 1e9) =>
  suppress(scoresByWindow(Float64Array.from(centres), size, regionSizePx), { regionSizePx, maxCandidates });

const clamp = (value: number, max: number) => Math.max(0, Math.min(max, value));

/** Eq. 6 to the letter, over centres. */
function pickByDefinition(centres: number[], { height, width }: Size, s: number): ScoredWindow[] {
  const radius = (s - 1) / 2;
  const windows = centres.map((score, i) => ({
    top: clamp(Math.floor(i / width) - radius, height - s),
    left: clamp((i % width) - radius, width - s),
    score,
  }));
  const picked: ScoredWindow[] = [];
  let left = windows;
  while (left.length > 0) {
    const [best] = left.toSorted((a, b) => b.score - a.score || a.top - b.top || a.left - b.left);
    picked.push(best!);
    left = left.filter(({ top, left }) => Math.abs(top - best!.top) >= s || Math.abs(left - best!.left) >= s);
  }
  return picked;
}

describe('suppress', () => {
  test('by hand: the best centre, then the best whose window is free', () => {
    // Window 3; centre 7 suppresses the 6 two columns on and leaves the 5 three columns on.
    const centres = [...[0, 0, 0, 0, 0, 0, 0], ...[0, 0, 7, 0, 6, 5, 0], ...[0, 0, 0, 0, 0, 0, 0]];
    expect(pick(centres, { height: 3, width: 7 }, 3)).toEqual([
      { top: 0, left: 1, score: 7 },
      { top: 0, left: 4, score: 5 },
    ]);
  });

  test('a centre at the border moves its window inside', () => {
    const size = { height: 5, width: 6 };
    const centres = new Array<number>(30).fill(0);
    centres[29] = 1;
    expect(pick(centres, size, 3, 1)).toEqual([{ top: 2, left: 3, score: 1 }]);
  });

  test('is the definition on random maps full of ties', () => {
    const random = seededRandom('suppress');
    for (let round = 0; round < 200; round++) {
      const size = { height: 1 + randomInteger(random, 14), width: 1 + randomInteger(random, 14) };
      const s = 1 + 2 * randomInteger(random, (Math.min(size.height, size.width) + 1) >> 1);
      const levels = 1 + randomInteger(random, 6);
      const centres = Array.from({ length: size.height * size.width }, () => randomInteger(random, levels));
      expect(pick(centres, size, s)).toEqual(pickByDefinition(centres, size, s));
    }
  });

  test('windows never overlap, never leave the image, and scores never rise', () => {
    const random = seededRandom('suppress', 'invariants');
    const size = { height: 90, width: 121 };
    for (const s of [1, 3, 11, 23, 89]) {
      const windows = pick(Array.from({ length: 90 * 121 }, random), size, s);
      const taken = new Uint8Array(90 * 121);
      windows.forEach(({ top, left, score }, rank) => {
        expect(top >= 0 && left >= 0 && top + s <= size.height && left + s <= size.width).toBe(true);
        if (rank > 0) expect(score).toBeLessThanOrEqual(windows[rank - 1]!.score);
        for (let y = top; y < top + s; y++) for (let x = left; x < left + s; x++) taken[y * size.width + x]!++;
      });
      expect(Math.max(...taken)).toBe(1);
      expect(windows.length * s * s).toBeLessThanOrEqual(size.height * size.width);
    }
  });

  test('equal scores go by top, then left', () => {
    expect(pick(new Array(6).fill(2), { height: 2, width: 3 }, 1).map(({ top, left }) => [top, left])).toEqual([
      [0, 0],
      [0, 1],
      [0, 2],
      [1, 0],
      [1, 1],
      [1, 2],
    ]);
  });

  test('single pixels are a legal region: all of them, best first', () => {
    const windows = pick([1, 3, 2, 0], { height: 2, width: 2 }, 1);
    expect(windows.map(({ score }) => score)).toEqual([3, 2, 1, 0]);
  });

  test('a window as large as the image is picked once, with the best score of any centre', () => {
    expect(pick([0, 1, 0, 0, 2, 0, 0, 9, 0], { height: 3, width: 3 }, 3)).toEqual([{ top: 0, left: 0, score: 9 }]);
    expect(pick([4], { height: 1, width: 1 }, 1)).toEqual([{ top: 0, left: 0, score: 4 }]);
  });

  test('stops at the limit, and where nothing is eligible', () => {
    expect(pick([1, 2, 3, 4], { height: 1, width: 4 }, 1, 2).map(({ left }) => left)).toEqual([3, 2]);
    expect(pick(new Array(4).fill(INELIGIBLE), { height: 2, width: 2 }, 1)).toEqual([]);
  });

  test('a score that is no number is a bug', () => {
    expect(() => pick([0, Number.NaN], { height: 1, width: 2 }, 1)).toThrow('got NaN at row 0, column 1');
  });

  test('half a million single pixels take seconds at most', () => {
    const random = seededRandom('suppress', 'speed');
    const size = { height: 512, width: 1024 };
    const windows = pick(Array.from({ length: 512 * 1024 }, random), size, 1);
    expect(windows).toHaveLength(512 * 1024);
  }, 20_000);
});

describe('spacing', () => {
  test('keeps picks apart by so many pixels, best first, also single pixels', () => {
    const scores = Float64Array.of(5, 4, 3, 2, 1, 0, 6);
    const picked = suppress({ height: 1, width: 7, scores }, { regionSizePx: 1, spacingPx: 2, maxCandidates: 7 });
    expect(picked.map(({ left }) => left)).toEqual([6, 0, 3]);
  });

  test('of 0 lets windows touch', () => {
    const scores = Float64Array.of(3, 2, 1, 0);
    const picked = suppress({ height: 1, width: 4, scores }, { regionSizePx: 3, spacingPx: 0, maxCandidates: 4 });
    expect(picked.map(({ left }) => left)).toEqual([0, 3]);
  });
});
