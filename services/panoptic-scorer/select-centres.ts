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
import { keptReader } from './kept-reader.ts';

/** Embeddings that stay in memory; blocks beyond it are read from the store again for every pick. */
const KEPT_LIMIT_BYTES = 1 << 30;

export default async function selectCentres(
  { blocks, count }: SelectCentresSpec,
  { objects, progress }: ComputeContext,
): Promise<SelectCentresResult> {
  if (!Number.isInteger(count) || count < 1) {
    throw invalid(`count: expected a whole number from 1, got ${count}`, { field: 'count' });
  }
  const keep = keptReader<EmbeddingRows>(KEPT_LIMIT_BYTES, ({ values }) => values.byteLength);
  const readable = blocks.map((block, index) => ({
    candidates: block.candidates,
    centres: block.centres,
    read: () => keep(index, () => readRows(objects, block, index)),
  }));
  const picked = await kCentreGreedy(readable, count, (unitsDone) =>
    progress({ unitsDone, unitsTotal: count, message: `picked ${unitsDone} centres` }),
  );
  return { ratings: picked.map(({ imageId, distance }) => ({ imageId, rating: distance })) };
}

async function readRows(objects: ObjectReader, { embeddings }: EmbeddingBlock, index: number): Promise<EmbeddingRows> {
  const name = `blocks[${index}].embeddings`;
  return decodeEmbeddings(await readBlob(objects, embeddings, name), name);
}
