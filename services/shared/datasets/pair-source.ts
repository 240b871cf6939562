// Pairs of files as a dataset source: every folder format ends here.
import type { ClassMap } from '../../../proto/gen/cpral/v1/resources.ts';
import { decodeMask, encodeMask, readHeader, type Size } from '../images/images.ts';
import type { DatasetSource, SourceImage, SourcePair } from './dataset-source.ts';
import { readDatasetFile } from './files.ts';
import { acceptedIds, type LabelTable, lookUp } from './label-table.ts';
import { mapConcurrently } from './map-concurrently.ts';
import type { Pair } from './pairs.ts';
import { naming, refusal } from './refusal.ts';

/** Files open at once while headers are read. */
const HEADER_CONCURRENCY = 8;

export interface PairSourceOptions {
  readonly displayName: string;
  readonly classMap: ClassMap;
  readonly labelTable: LabelTable;
  readonly pairs: readonly Pair[];
}

/** Reads the header of every picture. Throws INVALID_ARGUMENT naming the first that is none. */
export async function openPairs({ pairs, labelTable, ...source }: PairSourceOptions): Promise<DatasetSource> {
  const images = await mapConcurrently(pairs, HEADER_CONCURRENCY, async (pair): Promise<SourceImage> => {
    const { height, width } = await naming(pair.imageFile, readHeader(await readDatasetFile(pair.imageFile)));
    const size = { height, width };
    const { imageId, split, imageFile } = pair;
    return { imageId, split, place: imageFile, size, read: () => readPair(pair, size, labelTable) };
  });
  return { ...source, images };
}

async function readPair({ imageFile, labelFile }: Pair, size: Size, table: LabelTable): Promise<SourcePair> {
  const mask = await naming(labelFile, decodeMask(await readDatasetFile(labelFile)));
  if (mask.height !== size.height || mask.width !== size.width) {
    throw refusal(
      labelFile,
      `expected a mask of ${size.height}x${size.width} like ${imageFile}, got ${mask.height}x${mask.width}`,
    );
  }
  const found = lookUp(mask.data, table);
  if ('refusedAt' in found) {
    const [y, x] = [Math.floor(found.refusedAt / mask.width), found.refusedAt % mask.width];
    throw refusal(
      labelFile,
      `expected the label ids ${acceptedIds(table)}, got ${mask.data[found.refusedAt]} at row ${y}, column ${x}`,
    );
  }
  const groundTruth = await encodeMask({ ...size, data: found.classes });
  return { image: await readDatasetFile(imageFile), groundTruth };
}
