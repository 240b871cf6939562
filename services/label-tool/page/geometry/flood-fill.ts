// The pixels that hang together, by sides, with a pixel of the same value.
import type { Point, Shape, Size } from './raster.ts';

type Values = Uint8Array | Int32Array;

/** @returns the spans of the part around the point; none where the point is outside */
export function floodFill(values: Values, size: Size, at: Point): Shape {
  const spans = findSpans(values, size, Math.floor(at.x), Math.floor(at.y));
  return (visit) => {
    for (let i = 0; i < spans.length; i += 3) visit(spans[i]!, spans[i + 1]!, spans[i + 2]!);
  };
}

/** @returns y, left and right of each span, one after the other */
function findSpans(values: Values, { height, width }: Size, x: number, y: number): number[] {
  if (x < 0 || y < 0 || x >= width || y >= height) return [];
  const value = values[y * width + x]!;
  const seen = new Uint8Array(height * width);
  const wanted = (column: number, row: number) => values[row * width + column] === value && !seen[row * width + column];
  const spans: number[] = [];
  const open: number[] = [x, y];
  while (open.length > 0) {
    const row = open.pop()!;
    const start = open.pop()!;
    if (!wanted(start, row)) continue;
    let left = start;
    let right = start + 1;
    while (left > 0 && wanted(left - 1, row)) left--;
    while (right < width && wanted(right, row)) right++;
    seen.fill(1, row * width + left, row * width + right);
    spans.push(row, left, right);
    for (const next of [row - 1, row + 1]) {
      if (next < 0 || next >= height) continue;
      for (let column = left; column < right; column++) {
        if (wanted(column, next) && (column === left || !wanted(column - 1, next))) open.push(column, next);
      }
    }
  }
  return spans;
}
