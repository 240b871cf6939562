// Random changes of a training sample: flip, scale with a crop, brightness, blur. What changes is drawn first, then applied.
import type { Pixels } from '../shared/images/images.ts';
import { NO_CLASS } from '../shared/labels/origins.ts';
import { blur } from './blur.ts';

export interface AugmentationOptions {
  readonly flip: boolean;
  readonly blur: boolean;
  readonly scaleAndBrightness: boolean;
}

export interface Augmentation {
  readonly flip: boolean;
  /** Above 1 the sample grows and is cropped, below 1 it shrinks and is surrounded by unlabelled grey. */
  readonly scale: number;
  /** Where the crop lies in the room that the scale leaves, in [0, 1]. */
  readonly top: number;
  readonly left: number;
  readonly brightness: number;
  /** Standard deviation of the blur in pixels; 0: none. */
  readonly blurPx: number;
}

export interface Sample {
  readonly height: number;
  readonly width: number;
  /** H*W*3. */
  readonly image: Uint8Array;
  /** H*W class ids, 255 unlabelled. */
  readonly classes: Uint8Array;
}

const SCALE = { from: 0.75, to: 1.5 };
const BRIGHTNESS = { from: 0.8, to: 1.2 };
const BLUR_SHARE = 0.5;
const MAX_BLUR_PX = 1;
/** The mean pixel of photographs, about. */
const GREY = 112;

/** Draws as many numbers whatever is switched on, so that a switch changes nothing else. */
export function drawAugmentation(options: AugmentationOptions, random: () => number): Augmentation {
  const between = ({ from, to }: { from: number; to: number }) => from + (to - from) * random();
  const [flip, scale, top, left] = [random() < 0.5, between(SCALE), random(), random()];
  const [brightness, blurred, blurPx] = [between(BRIGHTNESS), random() < BLUR_SHARE, MAX_BLUR_PX * random()];
  return {
    flip: options.flip && flip,
    scale: options.scaleAndBrightness ? scale : 1,
    top,
    left,
    brightness: options.scaleAndBrightness ? brightness : 1,
    blurPx: options.blur && blurred ? blurPx : 0,
  };
}

/** Writes the changed sample into a place of a batch: H*W*3 and H*W. */
export function augment(
  sample: Sample,
  change: Augmentation,
  target: { image: Uint8Array; classes: Uint8Array },
): void {
  const { height, width } = sample;
  const rows = sourcePositions(height, change.scale, change.top);
  const columns = sourcePositions(width, change.scale, change.left);
  if (change.flip) columns.reverse();
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const place = row * width + column;
      const y = rows[row]!;
      const x = columns[column]!;
      const inside = y >= 0 && y < height && x >= 0 && x < width;
      target.classes[place] = inside ? sample.classes[Math.floor(y) * width + Math.floor(x)]! : NO_CLASS;
      if (inside) interpolate(sample, { y, x, brightness: change.brightness }, target.image, place * 3);
      else target.image.fill(GREY, place * 3, place * 3 + 3);
    }
  }
  if (change.blurPx > 0) {
    const image: Pixels = { height, width, data: target.image };
    blur(image, change.blurPx);
  }
}

/** Where the centre of each target pixel lies in the source, in source pixels; outside [0, size) there is nothing. */
function sourcePositions(size: number, scale: number, place: number): Float64Array {
  const offset = (size - size / scale) * place;
  return Float64Array.from({ length: size }, (_, index) => offset + (index + 0.5) / scale);
}

/** Bilinear between pixel centres. */
function interpolate(
  { height, width, image }: Sample,
  { y, x, brightness }: { y: number; x: number; brightness: number },
  target: Uint8Array,
  place: number,
): void {
  const above = Math.max(0, Math.floor(y - 0.5));
  const before = Math.max(0, Math.floor(x - 0.5));
  const down = Math.min(1, Math.max(0, y - 0.5 - above));
  const right = Math.min(1, Math.max(0, x - 0.5 - before));
  const rowStep = above + 1 < height ? width * 3 : 0;
  const columnStep = before + 1 < width ? 3 : 0;
  const corner = (above * width + before) * 3;
  for (let channel = 0; channel < 3; channel++) {
    const i = corner + channel;
    const upper = image[i]! * (1 - right) + image[i + columnStep]! * right;
    const lower = image[i + rowStep]! * (1 - right) + image[i + rowStep + columnStep]! * right;
    target[place + channel] = Math.min(255, Math.round((upper * (1 - down) + lower * down) * brightness));
  }
}
