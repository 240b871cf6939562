// How large superpixels are: three sizes, in proportion to the picture, so that a car takes about as many in any data set.
import type { Size } from './raster.ts';

export const SUPERPIXEL_SIZES = ['fine', 'medium', 'coarse'] as const;
export type SuperpixelSize = (typeof SUPERPIXEL_SIZES)[number];

/** Sides as shares of the square root of the picture's area, and the smallest that say anything, in pixels. */
const SHARES: Readonly<Record<SuperpixelSize, { readonly share: number; readonly leastPx: number }>> = {
  fine: { share: 1 / 64, leastPx: 5 },
  medium: { share: 1 / 32, leastPx: 8 },
  coarse: { share: 1 / 16, leastPx: 14 },
};

export function stepPxOf(size: SuperpixelSize, picture: Size): number {
  const { share, leastPx } = SHARES[size];
  return Math.max(leastPx, Math.round(share * Math.sqrt(picture.height * picture.width)));
}
