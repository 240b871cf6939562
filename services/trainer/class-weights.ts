// Class weights of the cross-entropy from how often a class is labelled:
//   w_c = min(5, sqrt(median frequency / frequency_c)), the median over the classes that occur.
import { ClassWeighting } from '../../proto/gen/cpral/v1/resources.ts';
import { invalid } from '../shared/errors.ts';

const MAX_WEIGHT = 5;

/** @param counts labelled pixels by class @returns a weight for each class; 1 where it never occurs */
export function classWeights(weighting: ClassWeighting, counts: readonly number[]): Float32Array {
  switch (weighting) {
    case ClassWeighting.CLASS_WEIGHTING_NONE:
      return new Float32Array(counts.length).fill(1);
    case ClassWeighting.CLASS_WEIGHTING_SQRT_MEDIAN: {
      const typical = median(counts.filter((count) => count > 0));
      return Float32Array.from(counts, (count) => (count === 0 ? 1 : Math.min(MAX_WEIGHT, Math.sqrt(typical / count))));
    }
    default:
      throw invalid(`training.class_weighting: expected a class weighting, got ${weighting}`, {
        field: 'training.class_weighting',
      });
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
