// Contextual labels extension of one image: compare its patches (Eq. 7), paste the labels of alike ones (Eq. 8), and keep what the
// guard lets through. Annotated pixels stay; a former extension goes first, and never answers for another.
import type { Pixels, Size } from '../shared/images/images.ts';
import { paintExtension } from '../shared/labels/paint.ts';
import type { PixelLabel } from '../shared/labels/pixel-label.ts';
import type { FeatureMap } from '../shared/model/feature-map.ts';
import { cellFeatures } from './cell-features.ts';
import { cellColors, cellLabels, forEachPixel, gridSize } from './grid.ts';
import { classify, extensiblePixels } from './guard.ts';
import { pasteLabels } from './paste.ts';
import { PATCH_LENGTH, unitFeatures, unitPatches } from './patches.ts';

export interface ExtensionOptions {
  readonly classCount: number;
  readonly scale: number;
  readonly stridePx: number;
  readonly minConfidence: number;
  /** 0: any distance. */
  readonly maxDistancePx: number;
  /** Of the encoder, on a grid of their own; absent: colours are compared. */
  readonly features?: FeatureMap | undefined;
}

/** @param image RGB, as large as the label */
export function extendLabel(image: Pixels, label: PixelLabel, options: ExtensionOptions): PixelLabel {
  const { classCount, scale, stridePx, minConfidence, maxDistancePx } = options;
  const size = { height: label.height, width: label.width };
  const grid = gridSize(size, stridePx);
  const labels = cellLabels(label, stridePx, classCount); // h*w*C
  const extensible = extensiblePixels(label, maxDistancePx); // H*W
  const wanted = wantedCells(extensible, size, stridePx); // h*w
  const { features } = options;
  const patches = features
    ? unitFeatures(cellFeatures(features, size, stridePx), features.channels) // h*w*channels
    : unitPatches(cellColors(image.data, size, stridePx), grid); // h*w*27
  const patchLength = features?.channels ?? PATCH_LENGTH;
  const probabilities = pasteLabels(patches, { size: grid, classCount, labels, wanted, scale, patchLength }); // h*w*C
  return paintExtension(
    label,
    classify({ probabilities, grid, stridePx, classCount }, extensible, size, minConfidence),
  );
}

/** The cells of extensible pixels and their neighbours, between which pixels are interpolated. */
function wantedCells(extensible: Uint8Array, size: Size, stridePx: number): Uint8Array {
  const grid = gridSize(size, stridePx);
  const wanted = new Uint8Array(grid.height * grid.width);
  const seen = new Uint8Array(grid.height * grid.width);
  forEachPixel(size, stridePx, (pixel, cell) => {
    if (extensible[pixel] === 0 || seen[cell] === 1) return;
    seen[cell] = 1;
    const [y, x] = [Math.floor(cell / grid.width), cell % grid.width];
    for (let v = Math.max(0, y - 1); v <= Math.min(grid.height - 1, y + 1); v++) {
      wanted.fill(1, v * grid.width + Math.max(0, x - 1), v * grid.width + Math.min(grid.width, x + 2));
    }
  });
  return wanted;
}
