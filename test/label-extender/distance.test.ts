import { describe, expect, test } from 'vitest';
import { squaredDistances } from '../../services/label-extender/distance.ts';
import type { Size } from '../../services/shared/images/images.ts';
import { randomInteger, seededRandom } from '../../services/shared/random.ts';

function distancesByDefinition(marked: Uint8Array, { height, width }: Size): number[] {
  const points = [...marked].flatMap((mark, i) => (mark ? [[Math.floor(i / width), i % width] as const] : []));
  return Array.from({ length: height * width }, (_, i) =>
    Math.min(...points.map(([y, x]) => (Math.floor(i / width) - y) ** 2 + ((i % width) - x) ** 2)),
  );
}

describe('squaredDistances', () => {
  test('by hand: one mark in the middle', () => {
    const marked = Uint8Array.of(0, 0, 0, 0, 1, 0, 0, 0, 0);
    expect([...squaredDistances(marked, { height: 3, width: 3 })]).toEqual([2, 1, 2, 1, 0, 1, 2, 1, 2]);
  });

  test('is the minimum over all marks on random maps of every shape', () => {
    const random = seededRandom('distance');
    for (let round = 0; round < 300; round++) {
      const size = { height: 1 + randomInteger(random, 16), width: 1 + randomInteger(random, 16) };
      const density = random() ** 3;
      const marked = Uint8Array.from({ length: size.height * size.width }, () => (random() < density ? 1 : 0));
      expect([...squaredDistances(marked, size)]).toEqual(distancesByDefinition(marked, size));
    }
  });

  test('is infinite where nothing is marked, zero where everything is', () => {
    const size = { height: 2, width: 3 };
    expect([...squaredDistances(new Uint8Array(6), size)]).toEqual(new Array(6).fill(Number.POSITIVE_INFINITY));
    expect([...squaredDistances(new Uint8Array(6).fill(1), size)]).toEqual(new Array(6).fill(0));
  });
});
