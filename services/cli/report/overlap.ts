// How much of one selection another selection picked too. Pure.
import type { ImageSize, Region } from '../../../proto/gen/cpral/v1/resources.ts';

type Window = Pick<Region, 'imageId' | 'top' | 'left' | 'height' | 'width'>;

/** @returns pixels of both over pixels of the first, each pixel counted once; null where the first picked nothing */
export function overlapShare(
  picked: readonly Window[],
  other: readonly Window[],
  { width, height }: ImageSize,
): number | null {
  const others = byImage(other);
  let [all, shared] = [0, 0];
  for (const [imageId, windows] of byImage(picked)) {
    const mask = paint(windows, width, height);
    const otherMask = paint(others.get(imageId) ?? [], width, height);
    for (let pixel = 0; pixel < mask.length; pixel++) {
      all += mask[pixel]!;
      shared += mask[pixel]! & otherMask[pixel]!;
    }
  }
  return all === 0 ? null : shared / all;
}

function byImage(windows: readonly Window[]): Map<string, Window[]> {
  const groups = new Map<string, Window[]>();
  for (const window of windows) {
    const group = groups.get(window.imageId);
    if (group) group.push(window);
    else groups.set(window.imageId, [window]);
  }
  return groups;
}

/** @returns H*W, 1 inside a window */
function paint(windows: readonly Window[], imageWidth: number, imageHeight: number): Uint8Array {
  const mask = new Uint8Array(imageWidth * imageHeight);
  for (const { top, left, height, width } of windows) {
    for (let y = top; y < top + height; y++) mask.fill(1, y * imageWidth + left, y * imageWidth + left + width);
  }
  return mask;
}
