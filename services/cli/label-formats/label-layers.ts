// A label as masks of one class and one origin each, for formats that keep a list of shapes.
import { NO_CLASS } from '../../shared/labels/origins.ts';
import type { PixelLabel } from '../../shared/labels/pixel-label.ts';

export interface LabelLayer {
  readonly classId: number;
  /** A LabelOrigin. */
  readonly origin: number;
  /** H*W, 1 inside. */
  readonly mask: Uint8Array;
  readonly pixels: number;
  /** The smallest box around it. */
  readonly box: { readonly top: number; readonly left: number; readonly height: number; readonly width: number };
}

const ORIGINS = 256;

/** By class, then by origin. Void pixels are in no layer: such formats have no word for a look that found no class. */
export function labelLayers({ classes, origins, width }: PixelLabel): LabelLayer[] {
  const found = new Map<number, Draft>();
  for (let pixel = 0; pixel < classes.length; pixel++) {
    const classId = classes[pixel]!;
    if (classId === NO_CLASS) continue;
    const key = classId * ORIGINS + origins[pixel]!;
    let draft = found.get(key);
    if (!draft) {
      draft = { mask: new Uint8Array(classes.length), pixels: 0, top: pixel, left: width, bottom: 0, right: 0 };
      draft.top = Math.floor(pixel / width);
      found.set(key, draft);
    }
    draft.mask[pixel] = 1;
    draft.pixels++;
    draft.bottom = Math.floor(pixel / width);
    draft.left = Math.min(draft.left, pixel % width);
    draft.right = Math.max(draft.right, pixel % width);
  }
  return [...found]
    .sort(([a], [b]) => a - b)
    .map(([key, { mask, pixels, top, left, bottom, right }]) => ({
      classId: Math.floor(key / ORIGINS),
      origin: key % ORIGINS,
      mask,
      pixels,
      box: { top, left, height: bottom - top + 1, width: right - left + 1 },
    }));
}

interface Draft {
  readonly mask: Uint8Array;
  pixels: number;
  top: number;
  left: number;
  bottom: number;
  right: number;
}
