import { describe, expect, test } from 'vitest';
import { addNoise, type NoiseOptions } from '../../services/oracle/noise.ts';
import { NO_CLASS } from '../../services/shared/labels/origins.ts';
import { seededRandom } from '../../services/shared/random.ts';

const SIDE = 200;
const SIZE = { height: SIDE, width: SIDE };
const CLASS_COUNT = 10;
/** Every pixel is a segment: neighbours differ. */
const TRUTH = Uint8Array.from({ length: SIDE * SIDE }, (_, i) => ((i % SIDE) + 3 * Math.floor(i / SIDE)) % CLASS_COUNT);

const answers = (change: Partial<NoiseOptions> = {}, truth = TRUTH) =>
  addNoise(truth, SIZE, {
    noise: 0.4,
    classCount: CLASS_COUNT,
    unit: 'segment',
    random: seededRandom('noise', 1),
    ...change,
  });

const isWithin = (count: number, units: number, share: number) =>
  // Five standard errors.
  Math.abs(count - units * share) < 5 * Math.sqrt(units * share * (1 - share));

describe('addNoise', () => {
  test('level 0 changes nothing', () => {
    expect(answers({ noise: 0 })).toEqual(TRUTH);
  });

  test.each([0.2, 0.4, 0.6])(
    'at level %d: half of the mistakes are missing, a quarter symmetric, a quarter others',
    (noise) => {
      const wrong = answers({ noise });
      let missing = 0;
      let symmetric = 0;
      let other = 0;
      wrong.forEach((id, i) => {
        if (id === TRUTH[i]) return;
        if (id === NO_CLASS) missing++;
        else if (id === CLASS_COUNT - 1 - TRUTH[i]!) symmetric++;
        else other++;
      });
      const units = TRUTH.length;
      expect(isWithin(missing, units, noise / 2)).toBe(true);
      // One of the nine other classes is the symmetric one.
      expect(isWithin(symmetric, units, (noise / 4) * (1 + 1 / 9))).toBe(true);
      expect(isWithin(other, units, (noise / 4) * (8 / 9))).toBe(true);
    },
  );

  test('asymmetric mistakes reach every other class, each as often', () => {
    const truth = new Uint8Array(SIDE * SIDE).fill(3);
    const counts = new Array<number>(256).fill(0);
    for (const id of answers({ noise: 1, unit: 'pixel' }, truth)) counts[id]!++;
    const units = truth.length;
    // Class 6 is what the symmetric mistake makes of class 3.
    [0, 1, 2, 4, 5, 7, 8, 9].forEach((id) => {
      expect(isWithin(counts[id]!, units, 1 / 36)).toBe(true);
    });
    expect(isWithin(counts[6]!, units, 1 / 4 + 1 / 36)).toBe(true);
    expect(counts[3]).toBe(0);
  });

  test('a segment is answered as one', () => {
    const truth = TRUTH.map((_, i) => Math.floor((i % SIDE) / 20) % 2);
    const wrong = answers({ noise: 1 }, truth);
    for (let stripe = 0; stripe < 10; stripe++) {
      const seen = new Set(wrong.filter((_, i) => Math.floor((i % SIDE) / 20) === stripe));
      expect(seen.size).toBe(1);
    }
  });

  test('void stays void', () => {
    const truth = TRUTH.map((id, i) => (i % 3 === 0 ? NO_CLASS : id));
    const wrong = answers({ noise: 1 }, truth);
    expect(truth.every((id, i) => id !== NO_CLASS || wrong[i] === NO_CLASS)).toBe(true);
  });

  test('what is wrong at one level is wrong in the same way at every higher one', () => {
    const low = answers({ noise: 0.2 });
    const high = answers({ noise: 0.6 });
    expect(low.every((id, i) => id === TRUTH[i] || id === high[i])).toBe(true);
  });

  test('the middle of an odd number of classes is its own symmetric class', () => {
    const truth = new Uint8Array(SIDE * SIDE).fill(5);
    const kept = answers({ noise: 1, classCount: 11, unit: 'pixel' }, truth).filter((id) => id === 5).length;
    expect(isWithin(kept, truth.length, 1 / 4)).toBe(true);
  });

  test('with a single class there is only the missing mistake', () => {
    const seen = new Set(answers({ noise: 1, classCount: 1, unit: 'pixel' }, new Uint8Array(SIDE * SIDE)));
    expect([...seen].sort()).toEqual([0, NO_CLASS]);
  });
});
