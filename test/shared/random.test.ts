import { describe, expect, test } from 'vitest';
import { randomInteger, seededRandom, seedPair, shuffle } from '../../services/shared/random.ts';
import goldens from '../goldens/random.json' with { type: 'json' };

const take = (random: () => number, count: number) => Array.from({ length: count }, random);

describe('seededRandom', () => {
  test('equal parts give the equal stream', () => {
    expect(take(seededRandom('noise', 7, 'a'), 50)).toEqual(take(seededRandom('noise', 7, 'a'), 50));
  });

  test.each(goldens)(
    'the stream of $parts is what its definition gives in Python (test/goldens/make_goldens.py)',
    (golden) => {
      expect(take(seededRandom(...golden.parts), golden.numbers.length)).toEqual(golden.numbers);
    },
  );

  test('parts are kept apart: neither their border nor their type is lost', () => {
    const first = (...parts: (string | number)[]) => seededRandom(...parts)();
    const streams = [first('ab', 'c'), first('a', 'bc'), first('abc'), first(1), first('1'), first(1, 1), first(11)];
    expect(new Set(streams).size).toBe(streams.length);
  });

  test('numbers are in [0, 1), uniform in their mean, their variance and each tenth', () => {
    const count = 100_000;
    const numbers = take(seededRandom('uniform'), count);
    expect(numbers.every((u) => u >= 0 && u < 1)).toBe(true);
    const mean = numbers.reduce((sum, u) => sum + u, 0) / count;
    const variance = numbers.reduce((sum, u) => sum + (u - mean) ** 2, 0) / count;
    // Five standard errors.
    expect(Math.abs(mean - 1 / 2)).toBeLessThan(5 * Math.sqrt(1 / 12 / count));
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(5 * Math.sqrt(1 / 180 / count));
    const tenths = new Array<number>(10).fill(0);
    for (const u of numbers) tenths[Math.floor(u * 10)]!++;
    for (const tenth of tenths) expect(Math.abs(tenth - count / 10)).toBeLessThan(5 * Math.sqrt(count * 0.09));
  });
});

describe('seedPair', () => {
  test('seeds are whole, not negative, and fit 32 signed bits', () => {
    for (let i = 0; i < 1000; i++) {
      for (const seed of seedPair('votes', i)) {
        expect(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 31).toBe(true);
      }
    }
  });
});

describe('shuffle', () => {
  test('keeps every item and leaves its argument alone', () => {
    const items = Array.from({ length: 100 }, (_, i) => i);
    const shuffled = shuffle(items, seededRandom('shuffle'));
    expect(items).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(shuffled).not.toEqual(items);
    expect(shuffled.toSorted((a, b) => a - b)).toEqual(items);
  });

  test('each order of three comes up equally often', () => {
    const random = seededRandom('orders');
    const counts = new Map<string, number>();
    const rounds = 12_000;
    for (let i = 0; i < rounds; i++) {
      const order = shuffle('abc'.split(''), random).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) {
      expect(Math.abs(count - rounds / 6)).toBeLessThan(5 * Math.sqrt((rounds * 5) / 36));
    }
  });

  test('nothing and one item are fine', () => {
    expect(shuffle([], seededRandom(1))).toEqual([]);
    expect(shuffle(['a'], seededRandom(1))).toEqual(['a']);
  });
});

test('randomInteger reaches every number below its limit and no other', () => {
  const random = seededRandom('integers');
  const seen = new Set(take(() => randomInteger(random, 5), 1000));
  expect([...seen].sort()).toEqual([0, 1, 2, 3, 4]);
});
