// The benchmarks of scale by name, with the sizes that are asked for.
import { centresBench } from './centres.ts';
import type { Measure } from './measure.ts';
import { poolBench } from './pool.ts';
import { rpcBench } from './rpc.ts';
import { workersBench } from './workers.ts';

export interface Sizes {
  readonly images: number;
  /** Of everything else: a share of the full size. */
  readonly share: number;
}

export const FULL: Sizes = { images: 1_000_000, share: 1 };
const UNARY_CALLS = 5_000;
const ITEMS_PER_WORKER = 15;
const STUB_COMPUTE_MS = 1_000;
const PAUSE_MS = 5_000;
const COMMITS = 1_000;

const PICKS = 20;
const CENTRES = [
  // Channels of MobileNetV2's encoder and of the decoder, as in campaigns (model/scoring-session.ts), and one image in a hundred labelled.
  (images: number) => ({ images: images / 10, dimensions: 320 + 256, labelledImages: images / 1_000 }),
  (images: number) => ({ images, dimensions: 128, labelledImages: 32 }),
];

export const SCALE: Readonly<Record<string, (sizes: Sizes) => AsyncGenerator<Measure>>> = {
  pool: ({ images }) => poolBench({ images }),
  rpc: ({ images, share }) => rpcBench({ images, calls: Math.ceil(UNARY_CALLS * share), pauseMs: PAUSE_MS * share }),
  async *centres({ images, share }) {
    const picks = Math.max(2, PICKS * share);
    for (const shape of CENTRES) yield* centresBench({ ...shape(images), picks });
  },
  workers: ({ share }) =>
    workersBench({
      items: Math.ceil(ITEMS_PER_WORKER * share),
      computeMs: STUB_COMPUTE_MS * share,
      commits: Math.ceil(COMMITS * share),
    }),
};
