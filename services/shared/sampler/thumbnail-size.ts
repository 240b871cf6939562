// The size on which VAAL sees images: of their shape as nearly as halving allows, and small, for it tells kinds of images apart and
// not things in them. Pure.
import type { Size } from '../images/images.ts';

/** The encoder halves a side so often. */
export const HALVINGS = 4;
/** As VAAL has it for photographs; a step on two cores takes some tenths of a second. */
const LONG_SIDE_PX = 64;
const UNIT_PX = 2 ** HALVINGS;

/** @returns 64 along the longer side, and along the other the multiple of 16 that is nearest to the image's shape */
export function thumbnailSize({ height, width }: Size): Size {
  const scale = LONG_SIDE_PX / Math.max(height, width);
  const side = (length: number) => Math.max(UNIT_PX, Math.round((length * scale) / UNIT_PX) * UNIT_PX);
  return { height: side(height), width: side(width) };
}
