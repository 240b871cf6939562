// Mean intersection over union from one confusion matrix over all validation pixels:
//   IoU_c = n_cc / (sum_j n_cj + sum_i n_ic - n_cc),   mIoU = mean over the classes that occur in either
// n_ij: pixels of true class i that were predicted as j. Pixels without a true class do not count.
import type { Evaluation } from '../../proto/gen/cpral/v1/resources.ts';
import { NO_CLASS } from '../shared/labels/origins.ts';

export interface PixelCounts {
  readonly classCount: number;
  /** n_ij, row-major, rows true classes, columns predicted ones. */
  readonly confusion: Float64Array;
  /** By predicted class, pixels without a true class included. */
  readonly predicted: Float64Array;
}

export function newPixelCounts(classCount: number): PixelCounts {
  return {
    classCount,
    confusion: new Float64Array(classCount * classCount),
    predicted: new Float64Array(classCount),
  };
}

/** Adds the pixels of one image. */
export function countPixels(
  { classCount, confusion, predicted: byPrediction }: PixelCounts,
  { truth, predicted }: { readonly truth: Uint8Array; readonly predicted: Uint8Array },
): void {
  for (let i = 0; i < truth.length; i++) {
    byPrediction[predicted[i]!]!++;
    if (truth[i] !== NO_CLASS) confusion[truth[i]! * classCount + predicted[i]!]!++;
  }
}

/** Where no pixel has a true class, mIoU and accuracy are 0. */
export function evaluate({ classCount, confusion, predicted }: PixelCounts): Evaluation {
  const classes = Array.from({ length: classCount }, (_, id) => id);
  const at = (truth: number, prediction: number) => confusion[truth * classCount + prediction]!;
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const correct = classes.map((id) => at(id, id));
  const unions = classes.map(
    (id) => sum(classes.map((other) => at(id, other))) + sum(classes.map((other) => at(other, id))) - correct[id]!,
  );
  const iou = classes.map((id) => (unions[id] === 0 ? -1 : correct[id]! / unions[id]!));
  const occurring = iou.filter((value) => value >= 0);
  return {
    miou: sum(occurring) / Math.max(1, occurring.length),
    iou,
    pixelAccuracy: sum(correct) / Math.max(1, sum([...confusion])),
    confusion: Array.from(confusion, BigInt),
    predictedPixels: Array.from(predicted, BigInt),
  };
}
