// Windows: rectangles of an image in pixels.
import type { Window } from '../../../proto/gen/cpral/v1/oracle.ts';
import { invalid } from '../errors.ts';
import type { Size } from '../images/images.ts';

export type { Window };

/**
 * @param name the image, for the error
 * @throws INVALID_ARGUMENT where the window is empty or leaves the image
 */
export function checkWindow(window: Window, image: Size, name: string): Window {
  const { top, left, height, width } = window;
  const whole = [top, left, height, width].every(Number.isInteger);
  const inside = top >= 0 && left >= 0 && top + height <= image.height && left + width <= image.width;
  if (!whole || height < 1 || width < 1 || !inside) {
    throw invalid(
      `window of ${name}: expected whole pixels inside ${image.height}x${image.width}, ` +
        `got ${height}x${width} at row ${top}, column ${left}`,
      { field: 'windows' },
    );
  }
  return window;
}

/** Cuts a window out of a map. @returns its values, row-major */
export function cropWindow(values: Uint8Array, imageWidth: number, window: Window): Uint8Array {
  const { top, left, height, width } = window;
  const crop = new Uint8Array(height * width);
  for (let y = 0; y < height; y++) {
    const start = (top + y) * imageWidth + left;
    crop.set(values.subarray(start, start + width), y * width);
  }
  return crop;
}
