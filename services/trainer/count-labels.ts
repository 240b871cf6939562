// What is labelled in the samples of a training: it decides how often a sample comes up, and the weights of the classes.
import { invalid } from '../shared/errors.ts';
import { NO_CLASS } from '../shared/labels/origins.ts';
import type { Samples } from './samples.ts';

export interface LabelCounts {
  /** Of each sample. */
  readonly labelledPixels: readonly number[];
  /** Of each class, over all samples. */
  readonly classPixels: readonly number[];
}

/** @throws INVALID_ARGUMENT where nothing is labelled */
export async function countLabels(samples: Samples, classCount: number): Promise<LabelCounts> {
  const labelledPixels: number[] = [];
  const classPixels = new Array<number>(classCount).fill(0);
  for (let index = 0; index < samples.count; index++) {
    const { classes } = await samples.get(index);
    let labelled = 0;
    for (const id of classes) {
      if (id === NO_CLASS) continue;
      classPixels[id]!++;
      labelled++;
    }
    labelledPixels.push(labelled);
  }
  if (classPixels.every((pixels) => pixels === 0)) {
    throw invalid('train: expected labelled pixels, got none', { field: 'train' });
  }
  return { labelledPixels, classPixels };
}
