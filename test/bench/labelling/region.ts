// Regions of CamVid that are worth a question: windows with several classes in them.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { decodeImage, decodeMask, type Size } from '../../../services/shared/images/images.ts';
import { randomInteger, seededRandom } from '../../../services/shared/random.ts';

export const REGION: Size = { height: 96, width: 96 };
const CLASS_COUNT = 11;
/** A class counts where it has so much of the window. */
const SHARE_OF_CLASS = 0.03;
const LEAST_CLASSES = 3;
/** Void is in no class: more of it would leave too little to agree on. */
const MOST_VOID = 0.1;
const TRIES = 1_000;
const NOBODY = 255;

export interface Region {
  readonly name: string;
  readonly size: Size;
  /** Of the whole picture: the size of superpixels depends on it. */
  readonly picture: Size;
  readonly rgba: Uint8ClampedArray;
  /** Class ids; 255 is void. */
  readonly truth: Uint8Array;
}

/** @param folder with train and val, as CamVid is laid out @returns one region of each of so many images, evenly over the validation images */
export async function camvidRegions(folder: string, count: number): Promise<Region[]> {
  const images = (await readdir(path.join(folder, 'val/images'))).sort();
  const chosen = Array.from({ length: count }, (_, i) => images[Math.floor(((i + 0.5) * images.length) / count)]!);
  return Promise.all(chosen.map((file) => regionOf(path.join(folder, 'val'), file)));
}

async function regionOf(folder: string, file: string): Promise<Region> {
  const name = path.parse(file).name;
  const image = await decodeImage(await readFile(path.join(folder, 'images', file)));
  const label = await decodeMask(await readFile(path.join(folder, 'labels', `${name}.png`)));
  const random = seededRandom('labelling', name);
  for (let i = 0; i < TRIES; i++) {
    const top = randomInteger(random, label.height - REGION.height);
    const left = randomInteger(random, label.width - REGION.width);
    const truth = cut(label.data, label.width, 1, top, left).map((id) => (id < CLASS_COUNT ? id : NOBODY));
    if (!isWorthAsking(truth)) continue;
    const rgb = cut(image.data, image.width, 3, top, left);
    const rgba = new Uint8ClampedArray(truth.length * 4).fill(255);
    for (let at = 0; at < truth.length; at++) rgba.set(rgb.subarray(at * 3, at * 3 + 3), at * 4);
    return { name: `${name} ${top},${left}`, size: REGION, picture: label, rgba, truth };
  }
  throw new Error(`${file}: expected a window of ${LEAST_CLASSES} classes, found none in ${TRIES} tries`);
}

function cut(data: Uint8Array, width: number, channels: number, top: number, left: number): Uint8Array {
  const part = new Uint8Array(REGION.height * REGION.width * channels);
  for (let y = 0; y < REGION.height; y++) {
    const start = ((top + y) * width + left) * channels;
    part.set(data.subarray(start, start + REGION.width * channels), y * REGION.width * channels);
  }
  return part;
}

function isWorthAsking(truth: Uint8Array): boolean {
  const share = (id: number) => truth.reduce((sum, value) => sum + (value === id ? 1 : 0), 0) / truth.length;
  const classes = Array.from({ length: CLASS_COUNT }, (_, id) => share(id)).filter((found) => found >= SHARE_OF_CLASS);
  return classes.length >= LEAST_CLASSES && share(NOBODY) <= MOST_VOID;
}
