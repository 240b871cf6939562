// How often each class is labelled in the samples of a training: it decides the weights of the classes.
import { invalid } from '../shared/errors.ts';
import { NO_CLASS } from '../shared/labels/origins.ts';
import type { Samples } from './samples.ts';

/** @returns labelled pixels by class @throws INVALID_ARGUMENT where nothing is labelled */
export async function countClassPixels(samples: Samples, classCount: number): Promise<number[]> {
  const classPixels = new Array<number>(classCount).fill(0);
  for (let index = 0; index < samples.count; index++) {
    const { classes } = await samples.get(index);
    for (const id of classes) if (id !== NO_CLASS) classPixels[id]!++;
  }
  if (classPixels.every((pixels) => pixels === 0)) {
    throw invalid('train: expected labelled pixels, got none', { field: 'train' });
  }
  return classPixels;
}
