// A label over its image: classes in their colours, void striped, the rest a pale grey picture. Pure.
import type { Pixels } from '../../../shared/images/images.ts';
import { NO_CLASS, ORIGIN_EXTENDED, ORIGIN_NOBODY } from '../../../shared/labels/origins.ts';
import type { Rgb } from './palette.ts';

export interface LabelPicture {
  /** H*W*3. */
  readonly image: Pixels;
  /** H*W of class ids, 255 none. */
  readonly classes: Pixels;
  /** H*W of origins. */
  readonly origins: Pixels;
  readonly palette: readonly Rgb[];
  /** Whether pixels that the extension labelled are shown. */
  readonly extended: boolean;
}

/** How much of a class's colour covers the image beneath. */
const COVER = 0.78;
const EXTENDED_COVER = 0.62;
const STRIPE_PX = 6;
const VOID_DARK: Rgb = [38, 38, 38];
const VOID_LIGHT: Rgb = [92, 92, 92];

export function paintLabel({ image, classes, origins, palette, extended }: LabelPicture): Pixels {
  const { height, width } = image;
  const data = new Uint8Array(height * width * 3);
  for (let pixel = 0; pixel < height * width; pixel++) {
    const origin = origins.data[pixel]!;
    const id = classes.data[pixel]!;
    const grey = lightness(image.data, pixel * 3);
    const shown = origin !== ORIGIN_NOBODY && (extended || origin !== ORIGIN_EXTENDED);
    if (!shown) data.fill(pale(grey), pixel * 3, pixel * 3 + 3);
    else if (id === NO_CLASS) data.set(stripe(pixel % width, Math.floor(pixel / width)), pixel * 3);
    else mix(data, pixel * 3, palette[id] ?? VOID_LIGHT, grey, origin === ORIGIN_EXTENDED ? EXTENDED_COVER : COVER);
  }
  return { height, width, data };
}

/** Rec. 601 luma, 0..255. */
function lightness(rgb: Uint8Array, at: number): number {
  return 0.299 * rgb[at]! + 0.587 * rgb[at + 1]! + 0.114 * rgb[at + 2]!;
}

/** Unlabelled ground recedes: light, with little contrast. */
const pale = (grey: number) => Math.round(172 + grey * 0.3);

const stripe = (x: number, y: number) => ((x + y) % STRIPE_PX < STRIPE_PX / 2 ? VOID_DARK : VOID_LIGHT);

function mix(data: Uint8Array, at: number, color: Rgb, grey: number, cover: number): void {
  for (let channel = 0; channel < 3; channel++) {
    data[at + channel] = Math.round(color[channel]! * cover + grey * (1 - cover));
  }
}
