// Training and validation samples in memory: decoded once, as bytes, as long as they fit.
import { type TrainingSample, TrainingSamples, type TrainSpec } from '../../proto/gen/cpral/v1/trainer.ts';
import { about } from '../shared/about.ts';
import { invalid } from '../shared/errors.ts';
import { decodeImage, decodeMask, type Size } from '../shared/images/images.ts';
import { NO_CLASS } from '../shared/labels/origins.ts';
import { readBlob } from '../shared/objects/blob.ts';
import type { ObjectReader } from '../shared/objects/object-store.ts';
import { type EitherList, openList } from '../shared/objects/stored-list.ts';
import type { Sample } from './augment.ts';

/** Decoded samples that a training keeps; the others are decoded again whenever they are needed. */
const KEPT_SAMPLES_LIMIT_BYTES = 2 ** 31;
const BYTES_PER_PIXEL = 4;

export interface Samples {
  readonly count: number;
  get(index: number): Promise<Sample>;
}

export type SampleList = EitherList<TrainingSample>;

export const trainingList = ({ train, storedTrain }: TrainSpec): SampleList => ({ inline: train, stored: storedTrain });
export const validationList = ({ val, storedVal }: TrainSpec): SampleList => ({ inline: val, stored: storedVal });

/** @param field of the list in the specification, for errors */
export function openSamples(
  objects: ObjectReader,
  list: SampleList,
  field: string,
  { size, classCount }: { readonly size: Size; readonly classCount: number },
): Samples {
  const samples = openList(objects, list, { field, decode: (page) => TrainingSamples.decode(page).samples });
  const kept = new Map<number, Sample>();
  const keptLimit = Math.floor(KEPT_SAMPLES_LIMIT_BYTES / (size.height * size.width * BYTES_PER_PIXEL));
  return {
    count: samples.length,
    async get(index) {
      const known = kept.get(index);
      if (known) return known;
      const sample = await samples.get(index);
      const read = await about(`image ${sample.imageId}`, readSample(objects, sample, { size, classCount }));
      if (kept.size < keptLimit) kept.set(index, read);
      return read;
    },
  };
}

async function readSample(
  objects: ObjectReader,
  { image, classes }: TrainingSample,
  { size, classCount }: { readonly size: Size; readonly classCount: number },
): Promise<Sample> {
  const rgb = await decodeImage(await readBlob(objects, image, 'image'), size);
  const mask = await decodeMask(await readBlob(objects, classes, 'classes'), size);
  const wrong = mask.data.findIndex((id) => id >= classCount && id !== NO_CLASS);
  if (wrong >= 0) {
    const place = `row ${Math.floor(wrong / size.width)}, column ${wrong % size.width}`;
    throw invalid(`classes at ${place}: expected a class below ${classCount} or ${NO_CLASS}, got ${mask.data[wrong]}`, {
      field: 'classes',
    });
  }
  return { ...size, image: rgb.data, classes: mask.data };
}
