// Connected segments: the unit in which an annotator errs. Pixels of one class that touch by a side are one segment.
import type { Size } from '../shared/images/images.ts';

export interface Segments {
  /** Segment of each pixel, H*W, numbered from 0 in the order of their first pixel. */
  readonly ids: Int32Array;
  readonly count: number;
}

/** @param classes H*W, row-major; void is a class like another */
export function findSegments(classes: Uint8Array, { height, width }: Size): Segments {
  const ids = new Int32Array(height * width).fill(-1);
  const open = new Int32Array(height * width);
  let count = 0;
  for (let start = 0; start < ids.length; start++) {
    if (ids[start] !== -1) continue;
    let openCount = 0;
    const join = (pixel: number) => {
      if (ids[pixel] !== -1 || classes[pixel] !== classes[start]) return;
      ids[pixel] = count;
      open[openCount++] = pixel;
    };
    join(start);
    while (openCount > 0) {
      const pixel = open[--openCount]!;
      const x = pixel % width;
      if (x > 0) join(pixel - 1);
      if (x < width - 1) join(pixel + 1);
      if (pixel >= width) join(pixel - width);
      if (pixel < ids.length - width) join(pixel + width);
    }
    count++;
  }
  return { ids, count };
}
