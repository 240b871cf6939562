// Which pixels take an extended class, and which class.
//
// Unlike the paper, which takes every pixel: a pixel is taken where the attention gives its likeliest class at least a certain mass
// and a labelled pixel is near. Threshold 0 and any distance are the paper's.
import type { Size } from '../shared/images/images.ts';
import { isAnnotation, NO_CLASS } from '../shared/labels/origins.ts';
import type { PixelLabel } from '../shared/labels/pixel-label.ts';
import { squaredDistances } from './distance.ts';

/** Sums of weights are off 1 by rounding; a threshold of 1 must still let certainty through. */
const ROUNDING = 1e-9;

/**
 * @param maxDistancePx Euclidean, from the nearest pixel that somebody gave a class; 0: any
 * @returns H*W, 1 where the extension may write: nobody looked, and a label is near enough
 */
export function extensiblePixels(label: PixelLabel, maxDistancePx: number): Uint8Array {
  const { classes, origins } = label;
  const extensible = origins.map((origin) => (isAnnotation(origin) ? 0 : 1));
  if (maxDistancePx === 0) return extensible;
  const labelled = origins.map((origin, pixel) => (isAnnotation(origin) && classes[pixel] !== NO_CLASS ? 1 : 0));
  const distances = squaredDistances(labelled, label);
  return extensible.map((may, pixel) => (may === 1 && distances[pixel]! <= maxDistancePx ** 2 ? 1 : 0));
}

export interface Distribution {
  /** Class probabilities of each cell, h*w*C. */
  readonly probabilities: Float64Array;
  /** The grid's size in cells. */
  readonly grid: Size;
  readonly stridePx: number;
  readonly classCount: number;
}

/**
 * Takes the likeliest class of each extensible pixel, the smaller id where two are as likely. Between the centres of cells the
 * distribution is interpolated bilinearly; beyond the outermost ones it is constant.
 * @returns classes, H*W; NO_CLASS where a pixel is not extensible or its class has less than minConfidence
 */
export function classify(
  { probabilities, grid, stridePx, classCount }: Distribution,
  extensible: Uint8Array,
  { height, width }: Size,
  minConfidence: number,
): Uint8Array {
  const classes = new Uint8Array(height * width).fill(NO_CLASS);
  const rowLength = grid.width * classCount;
  const row = new Float64Array(rowLength);
  const columns = Array.from({ length: width }, (_, x) => between(x, stridePx, grid.width));
  for (let y = 0; y < height; y++) {
    const { low, high, share } = between(y, stridePx, grid.height);
    for (let i = 0; i < rowLength; i++) {
      row[i] = (1 - share) * probabilities[low * rowLength + i]! + share * probabilities[high * rowLength + i]!;
    }
    for (let x = 0; x < width; x++) {
      if (extensible[y * width + x] === 0) continue;
      const column = columns[x]!;
      let likeliest = NO_CLASS;
      let confidence = 0;
      for (let id = 0; id < classCount; id++) {
        const left = row[column.low * classCount + id]!;
        const right = row[column.high * classCount + id]!;
        const probability = (1 - column.share) * left + column.share * right;
        if (probability > confidence) [likeliest, confidence] = [id, probability];
      }
      if (confidence + ROUNDING >= minConfidence) classes[y * width + x] = likeliest;
    }
  }
  return classes;
}

/** The two cells whose centres a pixel's centre lies between, and its share of the way from the lower to the higher one. */
function between(pixel: number, stridePx: number, cells: number): { low: number; high: number; share: number } {
  const position = Math.max(0, Math.min(cells - 1, (pixel + 0.5) / stridePx - 0.5));
  const low = Math.floor(position);
  return { low, high: Math.min(cells - 1, low + 1), share: position - low };
}
