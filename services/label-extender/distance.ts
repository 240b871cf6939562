// How far each pixel is from the nearest marked one: the exact Euclidean distance transform, squared, in linear time
// (Felzenszwalb and Huttenlocher 2012).
//
//   D(y, x) = min over marked (v, u) of (y - v)^2 + (x - u)^2
//
// First the distance within each column, g(y, x); then along each row the lower envelope of the parabolas (x - u)^2 + g(y, u)^2.
import type { Size } from '../shared/images/images.ts';

/**
 * @param marked H*W, not 0 where the distance is 0
 * @returns D in square pixels, H*W; Infinity everywhere where nothing is marked
 */
export function squaredDistances(marked: Uint8Array, { height, width }: Size): Float64Array {
  const distances = new Float64Array(height * width).fill(Number.POSITIVE_INFINITY);
  for (let x = 0; x < width; x++) {
    let steps = Number.POSITIVE_INFINITY;
    for (let y = 0; y < height; y++) {
      steps = marked[y * width + x] ? 0 : steps + 1;
      distances[y * width + x] = steps ** 2;
    }
    for (let y = height - 1; y >= 0; y--) {
      steps = marked[y * width + x] ? 0 : steps + 1;
      if (steps ** 2 < distances[y * width + x]!) distances[y * width + x] = steps ** 2;
    }
  }

  const columns = new Float64Array(width);
  const vertices = new Int32Array(width);
  const starts = new Float64Array(width);
  for (let y = 0; y < height; y++) {
    const row = distances.subarray(y * width, (y + 1) * width);
    columns.set(row);
    let count = 0;
    for (let u = 0; u < width; u++) {
      if (columns[u] === Number.POSITIVE_INFINITY) continue;
      let start = Number.NEGATIVE_INFINITY;
      while (count > 0) {
        start = crossing(columns, vertices[count - 1]!, u);
        if (start > starts[count - 1]!) break;
        count--;
        start = Number.NEGATIVE_INFINITY;
      }
      vertices[count] = u;
      starts[count] = start;
      count++;
    }
    if (count === 0) continue;
    let vertex = 0;
    for (let x = 0; x < width; x++) {
      while (vertex + 1 < count && starts[vertex + 1]! < x) vertex++;
      const u = vertices[vertex]!;
      row[x] = (x - u) ** 2 + columns[u]!;
    }
  }
  return distances;
}

/** Where the parabola of column b becomes the lower one, a < b. */
function crossing(columns: Float64Array, a: number, b: number): number {
  return (columns[b]! + b * b - columns[a]! - a * a) / (2 * (b - a));
}
