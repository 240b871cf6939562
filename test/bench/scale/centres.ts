// k-centre greedy over many embeddings, as the worker of core-set runs it: from blocks of a shard each, read from a store.
import type { Progress } from '../../../proto/gen/cpral/v1/trainer.ts';
import { encodeEmbeddings } from '../../../services/panoptic-scorer/embeddings.ts';
import selectCentres from '../../../services/panoptic-scorer/select-centres.ts';
import { refBlob } from '../../../services/shared/objects/blob.ts';
import { digestOf, type ObjectStore } from '../../../services/shared/objects/object-store.ts';
import { seededRandom } from '../../../services/shared/random.ts';
import { atMost, type Measure, shown } from './measure.ts';
import { watchMemory } from './processes.ts';

const IMAGES_PER_BLOCK = 32;
/** What the worker may keep, and as much again for Node, distances and ids. */
const PEAK_MIB = 2_048;

export interface CentresOptions {
  readonly images: number;
  readonly dimensions: number;
  readonly labelledImages: number;
  readonly picks: number;
}

export async function* centresBench({
  images,
  dimensions,
  labelledImages,
  picks,
}: CentresOptions): AsyncGenerator<Measure> {
  // One of labelled images at least, and one to pick from.
  const count = Math.max(2, Math.ceil(images / IMAGES_PER_BLOCK));
  const labelled = Math.ceil(labelledImages / IMAGES_PER_BLOCK);
  const blocks = Array.from({ length: count }, (_, i) => ({
    embeddings: refBlob({ digest: digestOf(Buffer.from(`${i}`)), sizeBytes: 1n }),
    candidates: i >= labelled,
    centres: i < labelled,
  }));
  const memory = watchMemory(process.pid);
  const start = performance.now();
  let first = 0;
  const progress = ({ unitsDone = 0 }: Partial<Progress>) => {
    if (unitsDone > 0) first ||= performance.now();
  };
  await selectCentres(
    { blocks, storedBlocks: undefined, count: picks },
    {
      objects: madeStore(
        blocks.map(({ embeddings }) => embeddings),
        dimensions,
      ),
      progress,
    },
  );
  const end = performance.now();
  const { peakMib } = memory();
  const name = `k-centre, ${count * IMAGES_PER_BLOCK} x ${dimensions}`;
  yield shown(`${name}, until the first pick`, (first - start) / 1_000, 's');
  yield shown(`${name}, a further pick`, (end - first) / (picks - 1), 'ms');
  yield atMost(`${name}, peak of the process`, peakMib, 'MiB', PEAK_MIB);
}

/** Makes a block when it is read, so that memory is the worker's own. */
function madeStore(blobs: readonly ReturnType<typeof refBlob>[], dimensions: number): ObjectStore {
  const indexOf = new Map(
    blobs.map(({ source }, i) => [source?.$case === 'object' ? source.value.digest : '', i] as const),
  );
  const refuse = async () => Promise.reject(new Error('this store is only read'));
  return {
    async get({ digest }) {
      const block = indexOf.get(digest) ?? 0;
      const random = seededRandom('centres', block);
      const values = Float32Array.from({ length: IMAGES_PER_BLOCK * dimensions }, () => random());
      const imageIds = Array.from({ length: IMAGES_PER_BLOCK }, (_, row) => `image-${block * IMAGES_PER_BLOCK + row}`);
      return encodeEmbeddings({ imageIds, dimensions, values });
    },
    put: refuse,
    has: refuse,
  };
}
