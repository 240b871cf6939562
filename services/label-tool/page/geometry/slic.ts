// Superpixels by SLIC (Achanta et al., "SLIC Superpixels Compared to State-of-the-art Superpixel Methods", TPAMI 2012):
//   D^2 = d_lab^2 + (m / S)^2 d_xy^2     each pixel joins the nearest centre within 2S; each centre moves to the mean of its pixels
// S  stepPx, the side of a superpixel
// m  COMPACTNESS: how much a pixel's place counts against its colour
import { enforceConnectivity } from './connectivity.ts';
import { labOf } from './lab.ts';
import type { Size } from './raster.ts';
import type { Segments } from './segments.ts';

const COMPACTNESS = 10;
/** The paper's: centres hardly move afterwards. */
const ITERATIONS = 10;

/** @param rgba four bytes a pixel, H*W; equal input gives equal segments */
export function slic(rgba: Uint8ClampedArray, size: Size, stepPx: number): Segments {
  const lab = labOf(rgba);
  const centres = gridOfCentres(lab, size, stepPx);
  const ids = new Int32Array(size.height * size.width).fill(-1);
  const distances = new Float32Array(ids.length);
  for (let i = 0; i < ITERATIONS; i++) {
    distances.fill(Number.POSITIVE_INFINITY);
    assign({ lab, size, stepPx, centres, ids, distances });
    moveToMeans(lab, size, centres, ids);
  }
  return enforceConnectivity(ids, size, Math.max(1, (stepPx * stepPx) >> 2));
}

/** L, a, b, x and y of each centre. */
type Centres = Float32Array;
const FIELDS = 5;

/** @returns centres in even steps, each moved off an edge: to the flattest of its nine pixels */
function gridOfCentres(lab: Float32Array, { height, width }: Size, stepPx: number): Centres {
  const rows = Math.max(1, Math.round(height / stepPx));
  const columns = Math.max(1, Math.round(width / stepPx));
  const centres = new Float32Array(rows * columns * FIELDS);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const x = Math.floor(((column + 0.5) * width) / columns);
      const y = Math.floor(((row + 0.5) * height) / rows);
      const at = flattestAround(lab, { height, width }, x, y);
      const into = (row * columns + column) * FIELDS;
      centres.set(lab.subarray(at * 3, at * 3 + 3), into);
      centres[into + 3] = at % width;
      centres[into + 4] = Math.floor(at / width);
    }
  }
  return centres;
}

function flattestAround(lab: Float32Array, { height, width }: Size, x: number, y: number): number {
  let best = y * width + x;
  let bestSlope = Number.POSITIVE_INFINITY;
  for (let row = Math.max(1, y - 1); row <= Math.min(height - 2, y + 1); row++) {
    for (let column = Math.max(1, x - 1); column <= Math.min(width - 2, x + 1); column++) {
      const at = row * width + column;
      const slope = squaredColour(lab, at - 1, at + 1) + squaredColour(lab, at - width, at + width);
      if (slope < bestSlope) {
        bestSlope = slope;
        best = at;
      }
    }
  }
  return best;
}

function squaredColour(lab: Float32Array, a: number, b: number): number {
  const light = lab[a * 3]! - lab[b * 3]!;
  const green = lab[a * 3 + 1]! - lab[b * 3 + 1]!;
  const blue = lab[a * 3 + 2]! - lab[b * 3 + 2]!;
  return light * light + green * green + blue * blue;
}

interface Assignment {
  readonly lab: Float32Array;
  readonly size: Size;
  readonly stepPx: number;
  readonly centres: Centres;
  readonly ids: Int32Array;
  readonly distances: Float32Array;
}

function assign({ lab, size, stepPx, centres, ids, distances }: Assignment): void {
  const weight = (COMPACTNESS / stepPx) ** 2;
  for (let k = 0; k < centres.length / FIELDS; k++) {
    const [light, green, blue, x, y] = centres.subarray(k * FIELDS, (k + 1) * FIELDS) as unknown as number[];
    const bottom = Math.min(size.height - 1, Math.ceil(y! + stepPx));
    const right = Math.min(size.width - 1, Math.ceil(x! + stepPx));
    const left = Math.max(0, Math.floor(x! - stepPx));
    for (let row = Math.max(0, Math.floor(y! - stepPx)); row <= bottom; row++) {
      const rise = weight * (row - y!) ** 2;
      for (let column = left; column <= right; column++) {
        const at = row * size.width + column;
        const dLight = lab[at * 3]! - light!;
        const dGreen = lab[at * 3 + 1]! - green!;
        const dBlue = lab[at * 3 + 2]! - blue!;
        const run = column - x!;
        const distance = dLight * dLight + dGreen * dGreen + dBlue * dBlue + weight * run * run + rise;
        if (distance < distances[at]!) {
          distances[at] = distance;
          ids[at] = k;
        }
      }
    }
  }
}

function moveToMeans(lab: Float32Array, { height, width }: Size, centres: Centres, ids: Int32Array): void {
  const sums = new Float64Array(centres.length);
  const counts = new Uint32Array(centres.length / FIELDS);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const id = ids[at]!;
      if (id < 0) continue;
      const into = id * FIELDS;
      sums[into]! += lab[at * 3]!;
      sums[into + 1]! += lab[at * 3 + 1]!;
      sums[into + 2]! += lab[at * 3 + 2]!;
      sums[into + 3]! += x;
      sums[into + 4]! += y;
      counts[id]!++;
    }
  }
  for (let k = 0; k < counts.length; k++) {
    // A centre that lost all its pixels stays where it was.
    for (let field = 0; counts[k]! > 0 && field < FIELDS; field++)
      centres[k * FIELDS + field] = sums[k * FIELDS + field]! / counts[k]!;
  }
}
