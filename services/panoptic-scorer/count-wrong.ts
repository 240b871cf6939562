// Counts of picked pixels that a model had wrong. What was labelled before was not picked, and what is void cannot be wrong.
import type { Size } from '../shared/images/images.ts';
import { NO_CLASS } from '../shared/labels/origins.ts';
import type { Window } from '../shared/labels/windows.ts';

/** Maps of an image, H*W each. */
export interface PickedMaps {
  /** Class ids, NO_CLASS where void. */
  readonly truth: Uint8Array;
  readonly predicted: Uint8Array;
  /** 1 where a pixel was labelled before. */
  readonly before: Uint8Array;
}

/** @param windows inside the image; a pixel in two of them counts once */
export function countWrong(
  { truth, predicted, before }: PickedMaps,
  windows: readonly Window[],
  { width }: Size,
): { compared: number; wrong: number } {
  const done = before.slice();
  let [compared, wrong] = [0, 0];
  for (const { top, left, height, width: columns } of windows) {
    for (let y = top; y < top + height; y++) {
      for (let pixel = y * width + left; pixel < y * width + left + columns; pixel++) {
        if (done[pixel] || truth[pixel] === NO_CLASS) continue;
        done[pixel] = 1;
        compared++;
        if (predicted[pixel] !== truth[pixel]) wrong++;
      }
    }
  }
  return { compared, wrong };
}
