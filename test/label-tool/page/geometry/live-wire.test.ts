import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { edgeCost, LEAST_COST, MOST_COST } from '../../../../services/label-tool/page/geometry/edge-cost.ts';
import { WIRE_REACH_PX, wiresFrom, wireTo } from '../../../../services/label-tool/page/geometry/live-wire.ts';
import { greyRgba } from '../support/grid.ts';

const text = (points: readonly { x: number; y: number }[]) =>
  points.map(({ x, y }) => `${x - 0.5},${y - 0.5}`).join(' ');

describe('the cost of a line', () => {
  it('is least on an edge and most in a flat place', () => {
    const cost = edgeCost(greyRgba(Array.from({ length: 25 }, (_, i) => (i % 5 < 2 ? 20 : 220))), {
      height: 5,
      width: 5,
    });
    expect([...cost.subarray(10, 15)]).toEqual([MOST_COST, LEAST_COST, LEAST_COST, MOST_COST, MOST_COST]);
  });

  it('is as little on a faint edge, where there is no other, as on a strong one', () => {
    // From black to white, and far away from white to a light grey.
    const grey = Array.from({ length: 180 }, (_, i) => (i % 60 < 10 ? 0 : i % 60 < 50 ? 255 : 215));
    const cost = edgeCost(greyRgba(grey), { height: 3, width: 60 });
    expect([9, 10, 49, 50, 30].map((x) => cost[60 + x])).toEqual([
      LEAST_COST,
      LEAST_COST,
      LEAST_COST,
      LEAST_COST,
      MOST_COST,
    ]);
  });

  it('is the most everywhere in a picture of one colour', () => {
    expect([...edgeCost(greyRgba(new Uint8Array(4)), { height: 2, width: 2 })]).toEqual(new Array(4).fill(MOST_COST));
  });
});

describe('the smart boundary', () => {
  it('follows an edge around a corner in place of the short way', () => {
    const cost = Uint8Array.from([1, 9, 9, 9, 1, 9, 9, 9, 1, 9, 9, 9, 1, 1, 1, 1]);
    const wires = wiresFrom(cost, { height: 4, width: 4 }, { x: 0.5, y: 0.5 });
    expect(text(wireTo(wires, { x: 3.5, y: 3.5 }))).toBe('0,0 0,1 0,2 1,3 2,3 3,3');
  });

  it('costs no more than any other way, and goes from pixel to pixel', () => {
    const size = { height: 6, width: 7 };
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 42, maxLength: 42 }),
        fc.nat(41),
        (cells, end) => {
          const cost = Uint8Array.from(cells);
          const way = wireTo(wiresFrom(cost, size, { x: 2, y: 3 }), { x: end % 7, y: Math.floor(end / 7) });
          expect(text([way[0]!])).toBe('2,3');
          const length = way.slice(1).reduce((sum, { x, y }, i) => {
            const [dx, dy] = [Math.abs(x - way[i]!.x), Math.abs(y - way[i]!.y)];
            expect(Math.max(dx, dy)).toBe(1);
            return sum + cost[(y - 0.5) * 7 + x - 0.5]! * (dx + dy === 2 ? 7 : 5);
          }, 0);
          expect(length).toBe(shortest(cost, 3 * 7 + 2)[end]);
        },
      ),
    );
  });

  it('is looked for near its anchor only, and ends at the border of what was searched', () => {
    const size = { height: 1, width: 1000 };
    const wires = wiresFrom(new Uint8Array(1000).fill(1), size, { x: 500.5, y: 0.5 });
    expect(wireTo(wires, { x: 999, y: 0 }).at(-1)).toEqual({ x: 500 + WIRE_REACH_PX + 0.5, y: 0.5 });
  });
});

/** Bellman and Ford: round after round until nothing gets shorter. */
function shortest(cost: Uint8Array, start: number): number[] {
  const lengths = Array.from(cost, (_, i) => (i === start ? 0 : Number.POSITIVE_INFINITY));
  for (let round = 0; round < cost.length; round++)
    for (let a = 0; a < cost.length; a++)
      for (let b = 0; b < cost.length; b++) {
        const [dx, dy] = [Math.abs((a % 7) - (b % 7)), Math.abs(Math.floor(a / 7) - Math.floor(b / 7))];
        if (Math.max(dx, dy) === 1)
          lengths[b] = Math.min(lengths[b]!, lengths[a]! + cost[b]! * (dx + dy === 2 ? 7 : 5));
      }
  return lengths;
}
