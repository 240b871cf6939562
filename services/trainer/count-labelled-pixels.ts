// What is labelled in the samples of a training: it decides how often a sample comes up, and the weights of the classes.
import { invalid } from '../shared/errors.ts';
import { NO_CLASS } from '../shared/labels/origins.ts';
import type { Samples } from './samples.ts';

export interface LabelledPixels {
  /** Of each sample. */
  readonly bySample: readonly number[];
  /** Of each class, over all samples. */
  readonly byClass: readonly number[];
}

/**
 * @param onSample hears how many samples are read
 * @throws INVALID_ARGUMENT where nothing is labelled
 */
export async function countLabelledPixels(
  samples: Samples,
  classCount: number,
  onSample: (read: number) => void,
): Promise<LabelledPixels> {
  const bySample: number[] = [];
  const byClass = new Array<number>(classCount).fill(0);
  for (let index = 0; index < samples.count; index++) {
    const { classes } = await samples.get(index);
    let labelled = 0;
    for (const id of classes) {
      if (id === NO_CLASS) continue;
      byClass[id]!++;
      labelled++;
    }
    bySample.push(labelled);
    onSample(bySample.length);
  }
  if (byClass.every((pixels) => pixels === 0)) {
    throw invalid('train: expected labelled pixels, got none', { field: 'train' });
  }
  return { bySample, byClass };
}
