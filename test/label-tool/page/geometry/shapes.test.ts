import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { capsule } from '../../../../services/label-tool/page/geometry/capsule.ts';
import { floodFill } from '../../../../services/label-tool/page/geometry/flood-fill.ts';
import { polygon } from '../../../../services/label-tool/page/geometry/polygon.ts';
import { visitPolyline } from '../../../../services/label-tool/page/geometry/polyline.ts';
import type { Point } from '../../../../services/label-tool/page/geometry/raster.ts';
import { draw, parse, sizeOf } from '../support/grid.ts';

const SIZE = { height: 5, width: 7 };
const at = (x: number, y: number): Point => ({ x, y });
const points = fc.record({
  x: fc.double({ min: -4, max: 12, noNaN: true }),
  y: fc.double({ min: -4, max: 10, noNaN: true }),
});

describe('a brush', () => {
  it('of one pixel marks the pixel under it, wherever in the pixel it is', () => {
    for (const place of [at(3.01, 2.01), at(3.5, 2.5), at(3.99, 2.99)])
      expect(draw(capsule(place, place, 1), SIZE)).toEqual(['.......', '.......', '...#...', '.......', '.......']);
  });

  it('of five pixels is a disc', () => {
    expect(draw(capsule(at(3.2, 2.7), at(3.2, 2.7), 5), SIZE)).toEqual([
      '..###..',
      '.#####.',
      '.#####.',
      '.#####.',
      '..###..',
    ]);
  });

  it('of two pixels is a square, around the nearest corner', () => {
    expect(draw(capsule(at(3.2, 1.8), at(3.2, 1.8), 2), SIZE)).toEqual([
      '.......',
      '..##...',
      '..##...',
      '.......',
      '.......',
    ]);
  });

  it('leaves no gap in a fast stroke, and covers no pixel twice', () => {
    expect(draw(capsule(at(0.5, 0.5), at(6.5, 3.5), 1), SIZE)).toEqual([
      '##.....',
      '.###...',
      '...###.',
      '.....##',
      '.......',
    ]);
  });

  it('covers a pixel exactly when its middle is within the radius of the segment', () => {
    fc.assert(
      fc.property(points, points, fc.integer({ min: 1, max: 9 }), (from, to, diameter) => {
        const snapped = [from, to].map((p) =>
          diameter % 2 ? at(Math.floor(p.x) + 0.5, Math.floor(p.y) + 0.5) : at(Math.round(p.x), Math.round(p.y)),
        );
        const rows = draw(capsule(from, to, diameter), SIZE);
        for (let y = 0; y < SIZE.height; y++)
          for (let x = 0; x < SIZE.width; x++) {
            const distance = distanceTo(at(x + 0.5, y + 0.5), snapped[0]!, snapped[1]!);
            if (Math.abs(distance - diameter / 2) > 1e-6) expect(rows[y]![x]).toBe(distance < diameter / 2 ? '#' : '.');
          }
      }),
    );
  });
});

/** By looking: the nearest of many points of the segment, refined to where it is exact. */
function distanceTo(p: Point, a: Point, b: Point): number {
  let low = 0;
  let high = 1;
  const away = (share: number) => Math.hypot(p.x - (a.x + share * (b.x - a.x)), p.y - (a.y + share * (b.y - a.y)));
  for (let i = 0; i < 100; i++) {
    const third = (high - low) / 3;
    if (away(low + third) < away(high - third)) high -= third;
    else low += third;
  }
  return away((low + high) / 2);
}

describe('a polygon', () => {
  it('with whole corners covers the pixels between them', () => {
    expect(draw(polygon([at(1, 1), at(5, 1), at(5, 4), at(1, 4)]), SIZE)).toEqual([
      '.......',
      '.####..',
      '.####..',
      '.####..',
      '.......',
    ]);
  });

  it('may be concave', () => {
    expect(
      draw(polygon([at(0, 0), at(7, 0), at(7, 5), at(5, 5), at(5, 2), at(2, 2), at(2, 5), at(0, 5)]), SIZE),
    ).toEqual(['#######', '#######', '##...##', '##...##', '##...##']);
  });

  it('leaves out what it encloses twice', () => {
    const crossed = polygon([at(0, 0), at(6, 0), at(6, 4), at(2, 4), at(2, 1), at(4, 1), at(4, 5), at(0, 5)]);
    expect(draw(crossed, SIZE)[2]).toBe('##..##.');
  });

  it('shares its border with its neighbour: each pixel is in exactly one of two halves', () => {
    fc.assert(
      fc.property(points, points, (p, q) => {
        const far = 40;
        const [left, right] = [
          at(p.x - far * (q.x - p.x), p.y - far * (q.y - p.y)),
          at(q.x + far * (q.x - p.x), q.y + far * (q.y - p.y)),
        ];
        fc.pre(Math.hypot(q.x - p.x, q.y - p.y) > 1);
        const normal = at(-(q.y - p.y) * far, (q.x - p.x) * far);
        const shift = (point: Point, sign: number) => at(point.x + sign * normal.x, point.y + sign * normal.y);
        const one = draw(polygon([left, right, shift(right, 1), shift(left, 1)]), SIZE).join('');
        const other = draw(polygon([left, right, shift(right, -1), shift(left, -1)]), SIZE).join('');
        for (let i = 0; i < one.length; i++) expect([one[i], other[i]].sort()).toEqual(['#', '.']);
      }),
    );
  });

  it('of fewer than three corners covers nothing', () => {
    expect(draw(polygon([at(0, 0), at(6, 4)]), SIZE).join('')).not.toContain('#');
  });
});

describe('a line', () => {
  // As text: a zero's sign is not seen.
  const pixelOf = ({ x, y }: Point) => `${Math.floor(x)},${Math.floor(y)}`;

  it('is connected by sides or corners, from its first pixel to its last', () => {
    fc.assert(
      fc.property(points, points, (from, to) => {
        const pixels: Point[] = [];
        visitPolyline([from, to], (x, y) => pixels.push(at(x, y)));
        expect(pixelOf(pixels[0]!)).toBe(pixelOf(from));
        expect(pixelOf(pixels.at(-1)!)).toBe(pixelOf(to));
        pixels.slice(1).forEach((pixel, i) => {
          expect(Math.max(Math.abs(pixel.x - pixels[i]!.x), Math.abs(pixel.y - pixels[i]!.y))).toBe(1);
        });
      }),
    );
  });
});

describe('a fill', () => {
  const lines = ['1111111', '1..2..1', '1.22..1', '1.2...1', '1112111'];
  const values = parse(lines);

  it('takes what hangs together by sides and has the same value', () => {
    expect(draw(floodFill(values, sizeOf(lines), at(1.5, 1.5)), sizeOf(lines))).toEqual([
      '.......',
      '.##....',
      '.#.....',
      '.#.....',
      '.......',
    ]);
  });

  it('does not go around corners', () => {
    expect(draw(floodFill(values, sizeOf(lines), at(4, 3)), sizeOf(lines)).join('\n')).toBe(
      ['.......', '....##.', '....##.', '...###.', '.......'].join('\n'),
    );
  });

  it('from outside takes nothing', () => {
    for (const outside of [at(-1, 2), at(7, 2), at(3, -0.5), at(3, 5)])
      expect(draw(floodFill(values, sizeOf(lines), outside), sizeOf(lines)).join('')).not.toContain('#');
  });

  it('takes every pixel once, and no pixel of another value', () => {
    const size = { height: 6, width: 8 };
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 48, maxLength: 48 }),
        fc.nat(47),
        (cells, start) => {
          const rows = draw(floodFill(Uint8Array.from(cells), size, at(start % 8, Math.floor(start / 8))), size).join(
            '',
          );
          expect(rows).toMatch(/^[.#]+$/);
          const inside = (i: number) => rows[i] === '#';
          expect(inside(start)).toBe(true);
          cells.forEach((value, i) => {
            if (inside(i)) expect(value).toBe(cells[start]);
            const beside = [i % 8 > 0 ? i - 1 : -1, i % 8 < 7 ? i + 1 : -1, i - 8, i + 8].filter(
              (n) => n >= 0 && n < 48,
            );
            if (value === cells[start] && beside.some(inside)) expect(inside(i)).toBe(true);
          });
        },
      ),
    );
  });
});
