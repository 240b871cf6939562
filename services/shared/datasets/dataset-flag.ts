// The value of --dataset: FORMAT:PATH, or a recipe for synthetic scenes.
import { type CpralError, invalid } from '../errors.ts';

export const FOLDER_FORMATS = ['camvid', 'masks', 'cityscapes', 'bdd100k'] as const;
export type FolderFormat = (typeof FOLDER_FORMATS)[number];

export interface SyntheticOptions {
  readonly train: number;
  readonly val: number;
  /** Pixels. */
  readonly height: number;
  /** Pixels. */
  readonly width: number;
  readonly seed: number;
}

export type DatasetFlag =
  | { readonly format: 'synthetic'; readonly options: SyntheticOptions }
  | { readonly format: FolderFormat; readonly folder: string };

export const SYNTHETIC_DEFAULTS: SyntheticOptions = { train: 240, val: 60, height: 96, width: 128, seed: 1 };

const MAX_SCENES = 10_000;
const MIN_SIDE_PX = 32;
const MAX_SIDE_PX = 1024;
const MAX_SEED = 2 ** 32 - 1;

/** Throws INVALID_ARGUMENT with field "dataset" for an unknown format, a missing path, and an option that cannot be. */
export function parseDatasetFlag(flag: string): DatasetFlag {
  const colon = flag.indexOf(':');
  const format = colon < 0 ? flag : flag.slice(0, colon);
  const rest = colon < 0 ? '' : flag.slice(colon + 1);
  if (format === 'synthetic') return { format, options: parseRecipe(flag, rest) };
  const folderFormat = FOLDER_FORMATS.find((known) => known === format);
  if (folderFormat === undefined) {
    throw wrong(flag, `FORMAT:PATH with a format of synthetic, ${FOLDER_FORMATS.join(', ')}`, `"${format}"`);
  }
  if (rest === '') throw wrong(flag, `${format}:PATH`, 'no path');
  return { format: folderFormat, folder: rest };
}

/** The flag that gives these options, all of them named. */
export function formatRecipe({ train, val, height, width, seed }: SyntheticOptions): string {
  return `synthetic:train=${train},val=${val},size=${height}x${width},seed=${seed}`;
}

function parseRecipe(flag: string, recipe: string): SyntheticOptions {
  const options = { ...SYNTHETIC_DEFAULTS };
  const seen = new Set<string>();
  for (const part of recipe === '' ? [] : recipe.split(',')) {
    const [, name = part, value = ''] = /^([^=]*)=(.*)$/.exec(part) ?? [];
    if (seen.has(name)) throw wrong(flag, `${name} once`, 'it twice');
    seen.add(name);
    const number = (text: string, from: number, to: number, what: string) => {
      if (/^\d{1,10}$/.test(text) && Number(text) >= from && Number(text) <= to) return Number(text);
      throw wrong(flag, `${what} of ${from} to ${to}`, `"${text}"`);
    };
    if (name === 'train' || name === 'val') options[name] = number(value, 1, MAX_SCENES, name);
    else if (name === 'seed') options.seed = number(value, 0, MAX_SEED, name);
    else if (name === 'size') {
      const sides = /^(\d+)x(\d+)$/.exec(value);
      if (sides === null) throw wrong(flag, 'size=HEIGHTxWIDTH', `"${value}"`);
      options.height = number(sides[1]!, MIN_SIDE_PX, MAX_SIDE_PX, 'a height');
      options.width = number(sides[2]!, MIN_SIDE_PX, MAX_SIDE_PX, 'a width');
    } else throw wrong(flag, 'options of train, val, size, seed', `"${name}"`);
  }
  return options;
}

function wrong(flag: string, expected: string, got: string): CpralError {
  return invalid(`--dataset ${flag}: expected ${expected}, got ${got}`, { field: 'dataset' });
}
