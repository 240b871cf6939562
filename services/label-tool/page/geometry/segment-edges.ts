// The lines between superpixels: sides of pixels where the segment changes.
import type { Rect, Size } from './raster.ts';

/** Hears a line from (x1, y1) to (x2, y2) along sides of pixels. */
export type VisitEdge = (x1: number, y1: number, x2: number, y2: number) => void;

/** Sides that follow each other in a line are one edge. @param rect what to look at; its own border is no edge */
export function visitEdges(ids: Int32Array, { width }: Size, rect: Rect, visit: VisitEdge): void {
  const bottom = rect.top + rect.height;
  const right = rect.left + rect.width;
  for (let y = rect.top + 1; y < bottom; y++) {
    let start = -1;
    for (let x = rect.left; x <= right; x++) {
      const parts = x < right && ids[y * width + x] !== ids[(y - 1) * width + x];
      if (parts && start < 0) start = x;
      if (!parts && start >= 0) {
        visit(start, y, x, y);
        start = -1;
      }
    }
  }
  for (let x = rect.left + 1; x < right; x++) {
    let start = -1;
    for (let y = rect.top; y <= bottom; y++) {
      const parts = y < bottom && ids[y * width + x] !== ids[y * width + x - 1];
      if (parts && start < 0) start = y;
      if (!parts && start >= 0) {
        visit(x, start, x, y);
        start = -1;
      }
    }
  }
}

/** @returns 1 for each pixel whose segment differs from the one to its right or below it */
export function boundaryPixels(ids: Int32Array, { height, width }: Size): Uint8Array {
  const boundary = new Uint8Array(height * width);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const right = x + 1 < width && ids[at] !== ids[at + 1];
      const below = y + 1 < height && ids[at] !== ids[at + width];
      if (right || below) boundary[at] = 1;
    }
  }
  return boundary;
}
