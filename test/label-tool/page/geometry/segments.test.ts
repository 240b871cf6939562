import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { enforceConnectivity } from '../../../../services/label-tool/page/geometry/connectivity.ts';
import { cutSegments } from '../../../../services/label-tool/page/geometry/cut-segments.ts';
import type { Point, Size } from '../../../../services/label-tool/page/geometry/raster.ts';
import { boundaryPixels, visitEdges } from '../../../../services/label-tool/page/geometry/segment-edges.ts';
import type { Segments } from '../../../../services/label-tool/page/geometry/segments.ts';
import { slic } from '../../../../services/label-tool/page/geometry/slic.ts';
import { SUPERPIXEL_SIZES, stepPxOf } from '../../../../services/label-tool/page/geometry/superpixel-steps.ts';
import { greyRgba, parse, rows, sizeOf } from '../support/grid.ts';

const at = (x: number, y: number): Point => ({ x, y });

/** @returns how many parts the pixels of each id have; 1 for a segment that hangs together */
function partsOf({ ids, count }: Segments, { height, width }: Size): number[] {
  const parts = new Array<number>(count).fill(0);
  const seen = new Set<number>();
  for (let start = 0; start < ids.length; start++) {
    if (seen.has(start)) continue;
    parts[ids[start]!]!++;
    const open = [start];
    seen.add(start);
    for (const here of open) {
      const beside = [
        here % width > 0 ? here - 1 : -1,
        here % width < width - 1 ? here + 1 : -1,
        here - width,
        here + width,
      ];
      for (const next of beside) {
        if (next < 0 || next >= height * width || seen.has(next) || ids[next] !== ids[start]) continue;
        seen.add(next);
        open.push(next);
      }
    }
  }
  return parts;
}

describe('superpixels', () => {
  const size = { height: 32, width: 48 };
  /** Dark to the left of a slanted line, light to its right. */
  const half = Uint8Array.from({ length: 32 * 48 }, (_, i) => (i % 48 < 15 + Math.floor(i / 48) / 2 ? 40 : 210));

  it('do not reach over an edge of the picture', () => {
    const { ids } = slic(greyRgba(half), size, 8);
    const shades = new Map<number, Set<number>>();
    ids.forEach((id, i) => {
      shades.set(id, (shades.get(id) ?? new Set()).add(half[i]!));
    });
    expect([...shades.values()].every((found) => found.size === 1)).toBe(true);
  });

  it('are about as many as fit, hang together, and are numbered without gaps', () => {
    const found = slic(greyRgba(half), size, 8);
    expect(found.count).toBeGreaterThan(18);
    expect(found.count).toBeLessThan(36);
    expect(partsOf(found, size)).toEqual(new Array(found.count).fill(1));
  });

  it('hang together on noise, too, and are the same each time', () => {
    const noise = fc.uint8Array({ minLength: 20 * 20, maxLength: 20 * 20 });
    fc.assert(
      fc.property(noise, fc.integer({ min: 2, max: 12 }), (grey, stepPx) => {
        const first = slic(greyRgba(grey), { height: 20, width: 20 }, stepPx);
        expect(partsOf(first, { height: 20, width: 20 })).toEqual(new Array(first.count).fill(1));
        expect(slic(greyRgba(grey), { height: 20, width: 20 }, stepPx)).toEqual(first);
      }),
      { numRuns: 25 },
    );
  });

  it('exist in a picture of one pixel, and in one of one row', () => {
    expect(slic(greyRgba([7]), { height: 1, width: 1 }, 8)).toEqual({ ids: Int32Array.of(0), count: 1 });
    expect(slic(greyRgba(new Uint8Array(9)), { height: 1, width: 9 }, 4).ids).toHaveLength(9);
  });

  it('come in three sizes, in proportion to the picture', () => {
    const steps = (picture: Size) => SUPERPIXEL_SIZES.map((name) => stepPxOf(name, picture));
    expect(steps({ height: 360, width: 480 })).toEqual([6, 13, 26]);
    expect(steps({ height: 1024, width: 2048 })).toEqual([23, 45, 91]);
    expect(steps({ height: 32, width: 32 })).toEqual([5, 8, 14]);
  });
});

describe('connectivity', () => {
  it('makes parts segments and gives crumbs to their neighbour', () => {
    const lines = ['1122', '1122', '2211', '2111'];
    const { ids, count } = enforceConnectivity(Int32Array.from(parse(lines)), sizeOf(lines), 4);
    // The three 2s at the lower left are too few: they join what lies above them.
    expect(rows(ids, sizeOf(lines))).toEqual(['..11', '..11', '..22', '.222']);
    expect(count).toBe(3);
  });
});

describe('a cut', () => {
  const lines = ['...1', '...1', '...1', '...1'];
  const size = sizeOf(lines);
  const segments: Segments = { ids: Int32Array.from(parse(lines)), count: 2 };

  it('parts a superpixel that it crosses; the larger part keeps its number, of equal ones the first', () => {
    const cut = cutSegments(segments, size, [at(0.5, 1.5), at(2.5, 1.5)]);
    // The line's own pixels go to the part above, the first in reading order.
    expect(rows(cut.ids, size)).toEqual(['...1', '...1', '2221', '2221']);
    expect(cut.count).toBe(3);
    expect(rows(segments.ids, size)).toEqual(lines);
  });

  it('leaves whole what it only enters', () => {
    expect(cutSegments(segments, size, [at(0.5, 1.5), at(1.5, 1.5)])).toEqual(segments);
  });

  it('parts along a diagonal: corners do not connect', () => {
    const square: Segments = { ids: new Int32Array(25), count: 1 };
    const cut = cutSegments(square, { height: 5, width: 5 }, [at(0.5, 0.5), at(4.5, 4.5)]);
    expect(cut.count).toBe(2);
    expect(cut.ids[4]).not.toBe(cut.ids[20]);
  });

  it('may lie partly or wholly outside', () => {
    expect(cutSegments(segments, size, [at(-9, 2.5), at(9, 2.5)]).count).toBe(4);
    expect(cutSegments(segments, size, [at(-9, -2), at(9, -2)])).toEqual(segments);
  });

  it('keeps every superpixel in one piece, inside what it was before', () => {
    const point = fc.record({
      x: fc.double({ min: -2, max: 14, noNaN: true }),
      y: fc.double({ min: -2, max: 12, noNaN: true }),
    });
    const base = slic(
      greyRgba(Uint8Array.from({ length: 120 }, (_, i) => (i * 37) % 256)),
      { height: 10, width: 12 },
      4,
    );
    fc.assert(
      fc.property(fc.array(point, { minLength: 2, maxLength: 5 }), (line) => {
        const cut = cutSegments(base, { height: 10, width: 12 }, line);
        expect(partsOf(cut, { height: 10, width: 12 })).toEqual(new Array(cut.count).fill(1));
        const parents = new Map<number, number>();
        cut.ids.forEach((id, i) => {
          expect(parents.get(id) ?? base.ids[i]).toBe(base.ids[i]);
          parents.set(id, base.ids[i]!);
        });
      }),
    );
  });
});

describe('boundaries', () => {
  const lines = ['..1', '..1', '222'];

  it('are the sides where the segment changes, joined to lines', () => {
    const edges: string[] = [];
    visitEdges(Int32Array.from(parse(lines)), sizeOf(lines), { top: 0, left: 0, height: 3, width: 3 }, (...edge) =>
      edges.push(edge.join(' ')),
    );
    expect(edges).toEqual(['0 2 3 2', '2 0 2 2']);
  });

  it('are pixels that differ from the one to their right or below', () => {
    expect(rows(boundaryPixels(Int32Array.from(parse(lines)), sizeOf(lines)), sizeOf(lines))).toEqual([
      '.1.',
      '111',
      '...',
    ]);
  });
});
