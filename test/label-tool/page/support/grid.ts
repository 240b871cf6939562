// Shapes and masks as text: a row a line, '.' for 0.
import type { Shape, Size } from '../../../../services/label-tool/page/geometry/raster.ts';

/** @returns what a shape covers of a size: # where it does, and the number where more than once */
export function draw(shape: Shape, { height, width }: Size): string[] {
  const hits = new Uint8Array(height * width);
  shape((y, left, right) => {
    for (let x = Math.max(0, left); x < Math.min(width, right); x++) if (y >= 0 && y < height) hits[y * width + x]!++;
  });
  return rows(hits, { height, width }).map((row) => row.replaceAll('1', '#'));
}

export function rows(values: ArrayLike<number>, { height, width }: Size): string[] {
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => values[y * width + x]!)
      .map((value) => (value === 0 ? '.' : value > 9 ? '*' : String(value)))
      .join(''),
  );
}

export function sizeOf(lines: readonly string[]): Size {
  return { height: lines.length, width: lines[0]!.length };
}

/** @returns the digits of text as values; '.' is 0 */
export function parse(lines: readonly string[]): Uint8Array {
  return Uint8Array.from(lines.join(''), (sign) => (sign === '.' ? 0 : Number(sign)));
}

/** Grey levels as an opaque picture. */
export function greyRgba(values: ArrayLike<number>): Uint8ClampedArray {
  const rgba = new Uint8ClampedArray(values.length * 4).fill(255);
  for (let at = 0; at < values.length; at++) rgba.fill(values[at]!, at * 4, at * 4 + 3);
  return rgba;
}
