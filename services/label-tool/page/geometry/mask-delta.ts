// What one step changed in a mask, as runs of one value before and one after: ten bytes a run, so that a step takes at most ten bytes a
// pixel that it changed, and far less for shapes.
import type { Rect, Size } from './raster.ts';

export interface MaskDelta {
  readonly rect: Rect;
  readonly starts: Uint32Array;
  readonly lengths: Uint32Array;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

/** @param rect where the masks may differ @returns undefined where they do not */
export function diffMasks(before: Uint8Array, after: Uint8Array, size: Size, rect: Rect): MaskDelta | undefined {
  const starts: number[] = [];
  const lengths: number[] = [];
  for (let y = rect.top; y < rect.top + rect.height; y++) {
    const end = y * size.width + rect.left + rect.width;
    let at = end - rect.width;
    while (at < end) {
      const start = at;
      if (before[at] !== after[at]) {
        while (at < end && before[at] === before[start] && after[at] === after[start]) at++;
        starts.push(start);
        lengths.push(at - start);
      } else at++;
    }
  }
  if (starts.length === 0) return undefined;
  return {
    rect,
    starts: Uint32Array.from(starts),
    lengths: Uint32Array.from(lengths),
    before: Uint8Array.from(starts, (start) => before[start]!),
    after: Uint8Array.from(starts, (start) => after[start]!),
  };
}

export function applyDelta(mask: Uint8Array, delta: MaskDelta, side: 'before' | 'after'): void {
  delta.starts.forEach((start, i) => {
    mask.fill(delta[side][i]!, start, start + delta.lengths[i]!);
  });
}
