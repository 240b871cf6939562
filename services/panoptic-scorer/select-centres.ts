// Picks the panoptic subset of core-set: k-centre greedy over embeddings in the object store.
import type {
  EmbeddingBlock,
  SelectCentresResult,
  SelectCentresSpec,
} from '../../proto/gen/cpral/v1/panoptic_scorer.ts';
import type { ComputeContext } from '../shared/compute/compute.ts';
import { invalid } from '../shared/errors.ts';
import { readBlob } from '../shared/objects/blob.ts';
import type { ObjectReader } from '../shared/objects/object-store.ts';
import { decodeEmbeddings, type EmbeddingRows } from './embeddings.ts';
import { kCentreGreedy } from './k-centre.ts';

/** Embeddings that stay in memory; blocks beyond it are read from the store again for every pick. */
const KEPT_LIMIT_BYTES = 1 << 30;

export default async function selectCentres(
  { blocks, count }: SelectCentresSpec,
  { objects, progress }: ComputeContext,
): Promise<SelectCentresResult> {
  if (!Number.isInteger(count) || count < 1) {
    throw invalid(`count: expected a whole number from 1, got ${count}`, { field: 'count' });
  }
  const keep = keptReader(objects);
  const readable = blocks.map((block, index) => ({
    candidates: block.candidates,
    centres: block.centres,
    read: () => keep(block, index),
  }));
  const onProgress = (unitsDone: number) =>
    progress({ unitsDone, unitsTotal: count, message: `picked ${unitsDone} centres` });
  const picked = await kCentreGreedy(readable, count, { onProgress });
  return { ratings: picked.map(({ imageId, distance }) => ({ imageId, rating: distance })) };
}

/** Reads blocks, and keeps the first ones up to the limit. */
function keptReader(objects: ObjectReader): (block: EmbeddingBlock, index: number) => Promise<EmbeddingRows> {
  const kept = new Map<number, EmbeddingRows>();
  let keptBytes = 0;
  return async ({ embeddings }, index) => {
    const known = kept.get(index);
    if (known) return known;
    const name = `blocks[${index}].embeddings`;
    const rows = decodeEmbeddings(await readBlob(objects, embeddings, name), name);
    if (keptBytes + rows.values.byteLength <= KEPT_LIMIT_BYTES) {
      kept.set(index, rows);
      keptBytes += rows.values.byteLength;
    }
    return rows;
  };
}
