// Which label belongs to which picture: the one of the same stem.
import type { Split } from './dataset-source.ts';
import { stemOf } from './files.ts';
import { imageIdPart } from './image-id.ts';
import { refusal } from './refusal.ts';

export interface Pair {
  readonly imageId: string;
  readonly split: Split;
  readonly imageFile: string;
  readonly labelFile: string;
}

export interface PairFiles {
  readonly split: Split;
  readonly imageFiles: readonly string[];
  readonly labelFiles: readonly string[];
  /** What a picture's name ends with before its extension, beyond the stem. */
  readonly imageSuffix?: string;
  /** The same of a label; one of several. */
  readonly labelSuffixes?: readonly string[];
}

/** Pairs by stem, in the order of the stems. Throws INVALID_ARGUMENT for a file without a partner, on either side, and for two of one stem. */
export function pairByStem({
  split,
  imageFiles,
  labelFiles,
  imageSuffix = '',
  labelSuffixes = [''],
}: PairFiles): Pair[] {
  const images = byStem(imageFiles, [imageSuffix]);
  const labels = byStem(labelFiles, labelSuffixes);
  for (const [stem, labelFile] of labels) {
    if (!images.has(stem))
      throw refusal(labelFile, `expected an image named ${stem}${imageSuffix} beside this label, got none`);
  }
  return [...images.keys()].sort().map((stem) => {
    const imageFile = images.get(stem)!;
    const labelFile = labels.get(stem);
    if (labelFile === undefined) {
      throw refusal(imageFile, `expected a label named ${stem}${labelSuffixes[0]} for this image, got none`);
    }
    return { imageId: `${split}/${imageIdPart(stem)}`, split, imageFile, labelFile };
  });
}

function byStem(files: readonly string[], suffixes: readonly string[]): Map<string, string> {
  const stems = new Map<string, string>();
  for (const file of files) {
    const suffix = suffixes.find((end) => stemOf(file).endsWith(end));
    if (suffix === undefined)
      throw refusal(file, `expected a name that ends with ${suffixes.join(' or ')}, got another`);
    const stem = stemOf(file).slice(0, stemOf(file).length - suffix.length);
    const other = stems.get(stem);
    if (other !== undefined) throw refusal(file, `expected one file named ${stem}, got ${other} too`);
    stems.set(stem, file);
  }
  return stems;
}
