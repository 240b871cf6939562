// Picks the panoptic subset of core-set: k-centre greedy over embeddings in the object store.
import {
  type EmbeddingBlock,
  EmbeddingBlocks,
  type SelectCentresResult,
  type SelectCentresSpec,
} from '../../proto/gen/cpral/v1/panoptic_scorer.ts';
import type { ComputeContext } from '../shared/compute/compute.ts';
import { invalid } from '../shared/errors.ts';
import { readBlob } from '../shared/objects/blob.ts';
import type { ObjectReader } from '../shared/objects/object-store.ts';
import { openList } from '../shared/objects/stored-list.ts';
import { decodeEmbeddings, type EmbeddingRows } from './embeddings.ts';
import { kCentreGreedy } from './k-centre.ts';
import { keptReader } from './kept-reader.ts';

/** Embeddings that stay in memory; blocks beyond it are read from the store again for every pick. */
const KEPT_LIMIT_BYTES = 1 << 30;

export default async function selectCentres(
  { blocks: inline, storedBlocks: stored, count }: SelectCentresSpec,
  { objects, progress }: ComputeContext,
): Promise<SelectCentresResult> {
  if (!Number.isInteger(count) || count < 1) {
    throw invalid(`count: expected a whole number from 1, got ${count}`, { field: 'count' });
  }
  const keep = keptReader<EmbeddingRows>(KEPT_LIMIT_BYTES, ({ values }) => values.byteLength);
  const blocks = openList(objects, { inline, stored }, { field: 'blocks', decode: decodeBlocks });
  const readable = [];
  for await (const block of blocks) {
    const { candidates, centres } = block;
    const index = readable.length;
    readable.push({ candidates, centres, read: () => keep(index, () => readRows(objects, block, index)) });
  }
  const onProgress = (unitsDone: number) =>
    progress({ unitsDone, unitsTotal: count, message: `picked ${unitsDone} centres` });
  const picked = await kCentreGreedy(readable, count, { onProgress });
  return { ratings: picked.map(({ imageId, distance }) => ({ imageId, rating: distance })) };
}

const decodeBlocks = (page: Uint8Array) => EmbeddingBlocks.decode(page).blocks;

async function readRows(objects: ObjectReader, { embeddings }: EmbeddingBlock, index: number): Promise<EmbeddingRows> {
  const name = `blocks[${index}].embeddings`;
  return decodeEmbeddings(await readBlob(objects, embeddings, name), name);
}
