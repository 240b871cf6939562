// Core-set selection: k-centre greedy (Sener and Savarese 2018, algorithm 1).
//
//   u = argmax over i not in s of  min over j in s of  |x_i - x_j|,   s <- s + {u},   and again
//
//   x  embeddings      s  centres: what is labelled, then also what was picked      |.|  Euclidean
//
// The largest distance never grows from one pick to the next. Ties go to the smaller image id, by its bytes.
// Rows come in blocks that are read anew for every pick, so that memory holds one distance a candidate and not their embeddings. What
// is labelled is read once, and candidates once for all of it: only where it outgrows its limit, once a batch.
import { assert, invalid } from '../shared/errors.ts';
import type { EmbeddingRows } from './embeddings.ts';

export interface CentreBlock {
  /** May be picked. */
  readonly candidates: boolean;
  /** Labelled: distances start from them. */
  readonly centres: boolean;
  read(): Promise<EmbeddingRows>;
}

export interface PickedCentre {
  readonly imageId: string;
  /** To the nearest centre, when it was picked. */
  readonly distance: number;
}

/** Embeddings of labelled images that are in memory together: 100,000 of 576 dimensions. */
const CENTRES_LIMIT_BYTES = 256 << 20;

interface Options {
  /** Hears after every block that is read, and after every pick, how many are picked. */
  readonly onProgress?: (picked: number) => void;
  readonly centresLimitBytes?: number;
}

/**
 * @throws INVALID_ARGUMENT where there is no centre, or rows differ in their length
 */
export async function kCentreGreedy(
  blocks: readonly CentreBlock[],
  count: number,
  { onProgress = () => {}, centresLimitBytes = CENTRES_LIMIT_BYTES }: Options = {},
): Promise<PickedCentre[]> {
  const candidates = blocks.filter((block) => block.candidates);
  /** Squared distances to the nearest centre, by candidate block and row; PICKED where a row is taken. */
  const nearest = await distancesToCentres(blocks, { onRead: () => onProgress(0), centresLimitBytes });
  const picked: PickedCentre[] = [];
  let latest: Float32Array | undefined;
  while (picked.length < count) {
    let best: { imageId: string; squared: number; block: number; row: number; vector: Float32Array } | undefined;
    for (const [block, { read }] of candidates.entries()) {
      const rows = await read();
      const distances = nearest[block]!;
      if (latest) lower(distances, rows, latest);
      for (let row = 0; row < distances.length; row++) {
        const squared = distances[row]!;
        const imageId = rows.imageIds[row]!;
        if (squared < 0 || (best && !isBefore({ squared, imageId }, best))) continue;
        best = { imageId, squared, block, row, vector: rowOf(rows, row) };
      }
      onProgress(picked.length);
    }
    if (!best) break;
    nearest[best.block]![best.row] = PICKED;
    latest = best.vector.slice();
    picked.push({ imageId: best.imageId, distance: Math.sqrt(best.squared) });
    onProgress(picked.length);
  }
  return picked;
}

/** Below every distance. */
const PICKED = -1;

interface Reading {
  readonly onRead: () => void;
  readonly centresLimitBytes: number;
}

/** @returns squared distances, by candidate block and row */
async function distancesToCentres(blocks: readonly CentreBlock[], reading: Reading): Promise<Float64Array[]> {
  const candidates = blocks.filter((block) => block.candidates);
  const nearest: Float64Array[] = [];
  let anyCentre = false;
  for await (const centres of batchesOfCentres(blocks, reading)) {
    anyCentre = true;
    for (const [index, block] of candidates.entries()) {
      const rows = await block.read();
      nearest[index] ??= new Float64Array(rows.imageIds.length).fill(Number.POSITIVE_INFINITY);
      for (const centre of centres) lower(nearest[index], rows, centre);
      reading.onRead();
    }
  }
  if (!anyCentre) throw invalid('blocks: expected labelled images, from which distances start, got none');
  return nearest;
}

/** Labelled rows, as many at a time as may be in memory. */
async function* batchesOfCentres(
  blocks: readonly CentreBlock[],
  { onRead, centresLimitBytes }: Reading,
): AsyncGenerator<readonly Float32Array[]> {
  let batch: Float32Array[] = [];
  let bytes = 0;
  for (const block of blocks.filter(({ centres }) => centres)) {
    const rows = await block.read();
    if (batch.length > 0 && bytes + rows.values.byteLength > centresLimitBytes) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    for (let row = 0; row < rows.imageIds.length; row++) batch.push(rowOf(rows, row));
    bytes += rows.values.byteLength;
    onRead();
  }
  if (batch.length > 0) yield batch;
}

/** Replaces each row's distance by the one to another centre where that is smaller. */
function lower(distances: Float64Array, { values, dimensions }: EmbeddingRows, centre: Float32Array): void {
  if (centre.length !== dimensions) {
    throw invalid(`blocks: expected embeddings of one length, got ${centre.length} and ${dimensions}`);
  }
  assert(distances.length * dimensions === values.length, 'a block gives the same rows every time');
  for (let row = 0; row < distances.length; row++) {
    const limit = distances[row]!;
    let squared = 0;
    const start = row * dimensions;
    // A sum that has passed the distance so far changes nothing any more.
    for (let i = 0; i < dimensions && squared < limit; i++) squared += (values[start + i]! - centre[i]!) ** 2;
    if (squared < limit) distances[row] = squared;
  }
}

function rowOf({ values, dimensions }: EmbeddingRows, row: number): Float32Array {
  return values.subarray(row * dimensions, (row + 1) * dimensions);
}

function isBefore(
  a: { readonly squared: number; readonly imageId: string },
  b: { readonly squared: number; readonly imageId: string },
): boolean {
  if (a.squared !== b.squared) return a.squared > b.squared;
  return Buffer.compare(Buffer.from(a.imageId), Buffer.from(b.imageId)) < 0;
}
