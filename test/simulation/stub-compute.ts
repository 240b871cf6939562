// The heavy functions, replaced by arithmetic over bytes: a mask is one origin a pixel, and a result follows from its specification alone.
import { createHash } from 'node:crypto';
import type { Window } from '../../proto/gen/cpral/v1/oracle.ts';
import {
  type Blob,
  type ImageSize,
  type Label,
  LabelOrigin,
  PanopticScore,
} from '../../proto/gen/cpral/v1/resources.ts';
import type { WorkLease, WorkResult, WorkSpec } from '../../proto/gen/cpral/v1/work.ts';
import { bestRatings } from '../../services/panoptic-scorer/best-ratings.ts';
import { encodeEmbeddings } from '../../services/panoptic-scorer/embeddings.ts';
import selectCentres from '../../services/panoptic-scorer/select-centres.ts';
import { decodeThumbnails, encodeThumbnails } from '../../services/panoptic-scorer/thumbnails.ts';
import type { WorkKind } from '../../services/shared/bus/bus.ts';
import type { ComputeOptions } from '../../services/shared/compute/compute.ts';
import { readBlob, refBlob } from '../../services/shared/objects/blob.ts';
import type { ObjectStore } from '../../services/shared/objects/object-store.ts';
import type { WorkHandler } from '../../services/shared/worker/worker-service.ts';
import type { Process, Scheduler } from './scheduler.ts';

const { LABEL_ORIGIN_UNSPECIFIED: NOBODY, LABEL_ORIGIN_EXTENDED: EXTENDED } = LabelOrigin;
const COMPUTE_SECONDS = 1;
const LONGEST_MS = 500;
const HANGS_MS = 150_000;
/** One more and the registry gives the item up. */
const MOST_FAILURES = 2;

type Spec<Case extends string> = Extract<NonNullable<WorkSpec['spec']>, { $case: Case }>['value'];
type Compute = (spec: WorkSpec['spec'], objects: ObjectStore) => Promise<WorkResult['result']>;

export const STUBS: Readonly<Record<WorkKind, Compute>> = {
  train: (spec, objects) => train(specOf(spec, 'train'), objects),
  rate: async (spec, objects) => {
    if (spec?.$case === 'selectCentres') return centres(spec.value, objects);
    if (spec?.$case === 'trainSampler') return sampler(spec.value, objects);
    return spec?.$case === 'measurePicks' ? measure(spec.value) : rate(specOf(spec, 'rate'), objects);
  },
  find_regions: (spec, objects) => findRegions(specOf(spec, 'findRegions'), objects),
  annotate: (spec, objects) => annotate(specOf(spec, 'annotate'), objects),
  extend_labels: (spec, objects) => extendLabels(specOf(spec, 'extendLabels'), objects),
};

export interface Machine {
  readonly scheduler: Scheduler;
  readonly process: Process;
  readonly objects: ObjectStore;
  /** By work item, over all machines. */
  readonly failures: Map<string, number>;
}

/** A handler that takes time, reports progress, hangs and crashes: so often that the item is not taken for a poisonous one. */
export function handlerOf(
  kind: WorkKind,
  { scheduler, process, objects, failures }: Machine,
  stubs = STUBS,
): WorkHandler {
  const clock = scheduler.clockOf(process);
  const fails = (itemId: string, how: 'childHangs' | 'childCrashes') => {
    const before = failures.get(itemId) ?? 0;
    if (before >= MOST_FAILURES || !scheduler.strikes(how)) return false;
    failures.set(itemId, before + 1);
    scheduler.note(process.name, `${how} over ${itemId}`);
    return true;
  };
  return async ({ itemId, spec }: WorkLease, { signal, onStart, onProgress }: ComputeOptions) => {
    onStart?.();
    const unitsTotal = 2;
    for (let unitsDone = 1; unitsDone <= unitsTotal; unitsDone++) {
      await clock.sleep(fails(itemId, 'childHangs') ? HANGS_MS : scheduler.between(0, LONGEST_MS), signal);
      signal?.throwIfAborted();
      onProgress?.({ unitsDone, unitsTotal, message: `computing ${itemId}`, checkpoint: undefined });
    }
    if (fails(itemId, 'childCrashes')) throw new Error('the compute process died');
    return { result: { result: await stubs[kind](spec?.spec, objects) }, seconds: COMPUTE_SECONDS };
  };
}

function specOf<Case extends string>(spec: WorkSpec['spec'], $case: Case): Spec<Case> {
  if (spec?.$case !== $case) throw new Error(`not work of the kind ${$case}`);
  return spec.value as Spec<Case>;
}

function hashed(...parts: unknown[]): number {
  return createHash('sha256').update(JSON.stringify(parts)).digest().readUInt32LE(0) / 2 ** 32;
}

function digestOf(blob: Blob | undefined): string {
  return blob?.source?.$case === 'object' ? blob.source.value.digest : '';
}

/** The weights name all that they were trained on, so that no later result is equal where one label differs. */
async function train({ train, seed, classCount }: Spec<'train'>, objects: ObjectStore): Promise<WorkResult['result']> {
  const seen = train.map(({ imageId, classes }) => `${imageId} ${digestOf(classes)}`);
  const weights = await objects.put(Buffer.from(`${seed}\n${seen.join('\n')}`));
  const miou = hashed(weights.digest);
  const evaluation = {
    miou,
    iou: Array.from({ length: classCount }, () => miou),
    pixelAccuracy: miou,
    confusion: Array.from({ length: classCount ** 2 }, () => 1n),
    predictedPixels: Array.from({ length: classCount }, () => BigInt(classCount)),
  };
  return { $case: 'train', value: { weights, evaluation, loss: 1 - miou, steps: 1, lossCurve: [] } };
}

async function rate(spec: Spec<'rate'>, objects: ObjectStore): Promise<WorkResult['result']> {
  const { model, images, score, candidates, thumbnailSize } = spec;
  const weights = digestOf(model?.weights);
  if (score === PanopticScore.PANOPTIC_SCORE_CORE_SET) {
    const imageIds = images.map(({ imageId }) => imageId);
    const values = Float32Array.from(imageIds, (imageId) => hashed(weights, imageId));
    const stored = await objects.put(encodeEmbeddings({ imageIds, dimensions: 1, values }));
    const embeddings = { embeddings: refBlob(stored), candidates, centres: spec.centres };
    return { $case: 'rate', value: { ratings: [], embeddings } };
  }
  if (thumbnailSize) {
    const imageIds = images.map(({ imageId }) => imageId);
    const size = { height: 1, width: 1 };
    const ranks = imageIds.map((imageId) => hashed(weights, imageId));
    const stored = await objects.put(
      encodeThumbnails({ imageIds, size, pixels: Buffer.alloc(3 * images.length), ranks }),
    );
    const block = { thumbnails: refBlob(stored), candidates, labelled: spec.centres, imageCount: images.length };
    return { $case: 'rate', value: { ratings: [], embeddings: undefined, thumbnails: block } };
  }
  // Few values, so that ties are common.
  const rating = (imageId: string) => Math.floor(4 * hashed(weights, imageId));
  const ratings = images.map(({ imageId }) => ({ imageId, rating: rating(imageId) }));
  return { $case: 'rate', value: { ratings, embeddings: undefined } };
}

/** The method's own: it is arithmetic already. */
async function centres(spec: Spec<'selectCentres'>, objects: ObjectStore): Promise<WorkResult['result']> {
  return { $case: 'selectCentres', value: await selectCentres(spec, { objects, progress: () => {} }) };
}

async function sampler(
  { blocks, count, seed }: Spec<'trainSampler'>,
  objects: ObjectStore,
): Promise<WorkResult['result']> {
  const best = bestRatings(count);
  for (const { thumbnails } of blocks.filter(({ candidates }) => candidates)) {
    const { imageIds, ranks } = decodeThumbnails(await readBlob(objects, thumbnails, 'thumbnails'), 'thumbnails');
    for (const [i, imageId] of imageIds.entries()) {
      best.add({ imageId, rating: Math.floor(4 * hashed(seed, ranks[i], imageId)) });
    }
  }
  const losses = { reconstructionLoss: 0, divergence: 0, adversaryLoss: 0, discriminatorLoss: 0 };
  return { $case: 'trainSampler', value: { ratings: best.best(), ...losses } };
}

function measure({ model, images }: Spec<'measurePicks'>): WorkResult['result'] {
  const wrong = images.map(({ imageId }) => Math.floor(10 * hashed(digestOf(model?.weights), imageId)));
  const wrongPixels = BigInt(wrong.reduce((sum, pixels) => sum + pixels, 0));
  return { $case: 'measurePicks', value: { comparedPixels: BigInt(10 * images.length), wrongPixels } };
}

async function findRegions(
  { model, images, regionSizePx: side, seed }: Spec<'findRegions'>,
  objects: ObjectStore,
): Promise<WorkResult['result']> {
  const { height, width } = model!.size!;
  const weights = digestOf(model?.weights);
  const candidates = [];
  for (const { imageId, origins } of images) {
    const mask = await readMask(objects, origins, height * width);
    // The grid moves from cycle to cycle, so that windows reach over labelled pixels.
    const offset = Math.floor(2 * hashed(seed, imageId));
    for (let top = 0; top + side <= height; top += side) {
      for (let left = offset; left + side <= width; left += side) {
        const window = pixelsOf({ top, left, height: side, width: side }, width);
        const unlabelledPixels = window.filter((pixel) => !isPaid(mask[pixel]!)).length;
        const score = Math.floor(4 * hashed(weights, imageId, top, left));
        if (unlabelledPixels > 0) candidates.push({ imageId, top, left, score, unlabelledPixels });
      }
    }
  }
  return { $case: 'findRegions', value: { candidates, previews: [], disputedImages: images.length } };
}

async function annotate(
  { tasks, size, origin }: Spec<'annotate'>,
  objects: ObjectStore,
): Promise<WorkResult['result']> {
  const labels: Label[] = [];
  let pickedPixels = 0n;
  for (const { imageId, origins, windows } of tasks) {
    const mask = await readMask(objects, origins, size!.height * size!.width);
    for (const pixel of windows.flatMap((window) => pixelsOf(window, size!.width))) {
      if (!isPaid(mask[pixel]!)) pickedPixels++;
      mask[pixel] = origin;
    }
    labels.push(await labelOf(objects, imageId, mask));
  }
  return {
    $case: 'annotate',
    value: { labels, quality: { pickedPixels, voidPixels: 0n, classPixels: [pickedPixels] } },
  };
}

/** Every other pixel after a labelled one takes its class. */
async function extendLabels(
  { images, size }: Spec<'extendLabels'>,
  objects: ObjectStore,
): Promise<WorkResult['result']> {
  const labels: Label[] = [];
  for (const { imageId, origins } of images) {
    const mask = await readMask(objects, origins, size!.height * size!.width);
    for (let pixel = 1; pixel < mask.length; pixel += 2)
      if (mask[pixel] === NOBODY && isPaid(mask[pixel - 1]!)) mask[pixel] = EXTENDED;
    labels.push(await labelOf(objects, imageId, mask));
  }
  return { $case: 'extendLabels', value: { labels } };
}

function isPaid(origin: number): boolean {
  return origin !== NOBODY && origin !== EXTENDED;
}

function pixelsOf({ top, left, height, width }: Window, imageWidth: ImageSize['width']): number[] {
  return Array.from(
    { length: height * width },
    (_, i) => (top + Math.floor(i / width)) * imageWidth + left + (i % width),
  );
}

async function readMask(objects: ObjectStore, mask: Blob | undefined, pixels: number): Promise<Uint8Array> {
  return mask ? (await readBlob(objects, mask, 'origins')).slice() : new Uint8Array(pixels).fill(NOBODY);
}

async function labelOf(objects: ObjectStore, imageId: string, mask: Uint8Array): Promise<Label> {
  const origins = await objects.put(mask);
  const classes = await objects.put(Buffer.from(`${imageId}: ${mask.join('')}`));
  const count = (counts: (origin: number) => boolean) => BigInt(mask.filter(counts).length);
  return {
    imageId,
    masks: { classes, origins },
    labelledPixels: count(isPaid),
    voidPixels: 0n,
    extendedPixels: count((origin) => origin === EXTENDED),
    cycle: 0,
  };
}
