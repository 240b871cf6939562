// What a label cost and what it gave, in pixels.
import { isAnnotation, NO_CLASS, ORIGIN_EXTENDED } from './origins.ts';
import type { PixelLabel } from './pixel-label.ts';

export interface PixelCounts {
  /** Somebody was paid to look: void pixels count, extended ones do not. */
  readonly labelled: number;
  /** Of these, those without a class. */
  readonly void: number;
  /** Free of cost, from the extension. */
  readonly extended: number;
}

export function countPixels({ classes, origins }: PixelLabel): PixelCounts {
  let labelled = 0;
  let voids = 0;
  let extended = 0;
  for (let i = 0; i < origins.length; i++) {
    const origin = origins[i]!;
    if (isAnnotation(origin)) {
      labelled++;
      if (classes[i] === NO_CLASS) voids++;
    } else if (origin === ORIGIN_EXTENDED) {
      extended++;
    }
  }
  return { labelled, void: voids, extended };
}
