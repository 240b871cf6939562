// What every importer yields: pictures with their true classes, brought to one form and read one by one.
import type { ClassMap } from '../../../proto/gen/cpral/v1/resources.ts';
import type { Size } from '../images/images.ts';

export interface DatasetSource {
  /** Names the format and the folder, or the recipe. */
  readonly displayName: string;
  readonly classMap: ClassMap;
  /** Training images first, each split by name. */
  readonly images: readonly SourceImage[];
}

export interface SourceImage {
  /** Split and name, as in "train/0001TP_006690"; printable ASCII without blanks, unique in its source. */
  readonly imageId: string;
  readonly split: Split;
  /** What a person looks for when the picture is at fault: its file, or its number in the recipe. */
  readonly place: string;
  /** Of the picture, and so of its ground truth. */
  readonly size: Size;
  /** Reads and checks the pair. Throws INVALID_ARGUMENT with field "dataset", naming the file that is wrong. */
  read(): Promise<SourcePair>;
}

export interface SourcePair {
  /** The picture in its own format, untouched. */
  readonly image: Uint8Array;
  /** 8-bit grey PNG of ids of the class map, 255 void; as large as the picture. */
  readonly groundTruth: Uint8Array;
}

export type Split = 'train' | 'val';

export const SPLITS: readonly Split[] = ['train', 'val'];

/** Void in every ground truth: neither asked for nor counted. */
export const VOID_ID = 255;
