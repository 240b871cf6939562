import { describe, expect, test } from 'vitest';
import { findSegments } from '../../services/oracle/segments.ts';
import { randomInteger, seededRandom } from '../../services/shared/random.ts';

const segmentsOf = (...rows: string[]) => {
  const size = { height: rows.length, width: rows[0]!.length };
  const { ids, count } = findSegments(Uint8Array.from(rows.join(''), Number), size);
  return { count, rows: rows.map((_, y) => [...ids.subarray(y * size.width, (y + 1) * size.width)].join('')) };
};

describe('findSegments', () => {
  test('pixels of a class that touch by a side are one segment, by a corner two', () => {
    expect(segmentsOf('110', '011', '100')).toEqual({ count: 5, rows: ['001', '200', '344'] });
  });

  test('a spiral is one segment', () => {
    expect(segmentsOf('11111', '10001', '10101', '10111', '10000').count).toBe(2);
  });

  test('one colour is one segment, one pixel too', () => {
    expect(segmentsOf('777', '777').count).toBe(1);
    expect(segmentsOf('7').count).toBe(1);
  });

  test('a checkerboard has a segment for each pixel', () => {
    expect(segmentsOf('0101', '1010', '0101').count).toBe(12);
  });

  test('random maps split as spreading the smallest index until nothing changes splits them', () => {
    const random = seededRandom('segments');
    for (let round = 0; round < 100; round++) {
      const size = { height: 1 + randomInteger(random, 9), width: 1 + randomInteger(random, 9) };
      const classes = Uint8Array.from({ length: size.height * size.width }, () => randomInteger(random, 3));
      expect([...findSegments(classes, size).ids]).toEqual(segmentsBySpreading(classes, size.width));
    }
  });
});

function segmentsBySpreading(classes: Uint8Array, width: number): number[] {
  const first = Array.from(classes, (_, i) => i);
  const touch = (i: number) => [i % width ? i - 1 : i, (i + 1) % width ? i + 1 : i, i - width, i + width];
  for (let changed = true; changed; ) {
    changed = false;
    for (let i = 0; i < first.length; i++) {
      for (const j of touch(i)) {
        if (classes[j] !== classes[i] || first[j]! >= first[i]!) continue;
        first[i] = first[j]!;
        changed = true;
      }
    }
  }
  const order = [...new Set(first)];
  return first.map((i) => order.indexOf(i));
}
