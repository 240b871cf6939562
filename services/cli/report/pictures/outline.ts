// Frames around windows, drawn on a copy of the picture. Pure.
import type { Pixels } from '../../../shared/images/images.ts';
import type { Rgb } from './palette.ts';

/** In pixels of the picture that is drawn on. */
export interface PictureWindow {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

const FRAME: Rgb = [255, 214, 10];
const EDGE: Rgb = [20, 20, 20];
const FRAME_PX = 2;

/** A bright frame inside each window and a dark line inside that, so that it shows on light and on dark ground. */
export function outlineWindows(picture: Pixels, windows: readonly PictureWindow[]): Pixels {
  const data = Uint8Array.from(picture.data);
  for (const window of windows) {
    ring(data, picture, window, FRAME_PX, EDGE);
    for (let inset = 0; inset < FRAME_PX; inset++) ring(data, picture, window, inset, FRAME);
  }
  return { ...picture, data };
}

/** One line of pixels, inset from the window's border; what lies outside the picture is left out. */
function ring(data: Uint8Array, { height, width }: Pixels, window: PictureWindow, inset: number, color: Rgb): void {
  const top = Math.max(0, window.top) + inset;
  const left = Math.max(0, window.left) + inset;
  const bottom = Math.min(height, window.top + window.height) - 1 - inset;
  const right = Math.min(width, window.left + window.width) - 1 - inset;
  if (bottom < top || right < left) return;
  for (let x = left; x <= right; x++) {
    data.set(color, (top * width + x) * 3);
    data.set(color, (bottom * width + x) * 3);
  }
  for (let y = top; y <= bottom; y++) {
    data.set(color, (y * width + left) * 3);
    data.set(color, (y * width + right) * 3);
  }
}
