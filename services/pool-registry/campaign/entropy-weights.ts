// What the entropy of a pixel is multiplied with, by the class c that most stochastic passes give it. Both weights come from what the
// cycle's model predicts on the validation images, so that no truth of the pool is looked at.
//
//   rarity         min(5, median(f) / f_c)      f_c  share of the pixels that are predicted as c; the median over predicted classes
//   void discount  1 - v_c                      v_c  share of the pixels predicted as c that have no true class
//
// Beyond the paper: windows of high entropy hold twice the rare classes of random ones, and twice the void, which is paid for and
// teaches nothing.
import { EntropyWeight, type Evaluation } from '../../../proto/gen/cpral/v1/resources.ts';
import { assert } from '../../shared/errors.ts';

const MAX_RARITY = 5;

/** @returns by class id, the product of the wanted weights; empty where none is wanted */
export function entropyClassWeights(
  wanted: readonly EntropyWeight[],
  evaluation: Evaluation,
  classCount: number,
): number[] {
  if (wanted.length === 0) return [];
  const predicted = evaluation.predictedPixels.map(Number);
  assert(
    predicted.length === classCount && evaluation.confusion.length === classCount ** 2,
    `an evaluation counts predictions of ${classCount} classes, not of ${predicted.length}`,
  );
  const byWeight = wanted.map((weight) => WEIGHTS[weight](predicted, evaluation));
  return predicted.map((_, id) => byWeight.reduce((product, weights) => product * weights[id]!, 1));
}

type Weigh = (predicted: readonly number[], evaluation: Evaluation) => number[];

const WEIGHTS: Readonly<Record<EntropyWeight, Weigh>> = {
  [EntropyWeight.ENTROPY_WEIGHT_RARITY]: rarity,
  [EntropyWeight.ENTROPY_WEIGHT_VOID_DISCOUNT]: voidDiscount,
  [EntropyWeight.ENTROPY_WEIGHT_UNSPECIFIED]: noSuchWeight,
  [EntropyWeight.UNRECOGNIZED]: noSuchWeight,
};

function rarity(predicted: readonly number[]): number[] {
  const occurring = predicted.filter((pixels) => pixels > 0).sort((a, b) => a - b);
  const middle = occurring.length / 2;
  const median = (occurring[Math.ceil(middle) - 1]! + occurring[Math.floor(middle)]!) / 2;
  return predicted.map((pixels) => Math.min(MAX_RARITY, median / pixels));
}

function voidDiscount(predicted: readonly number[], { confusion }: Evaluation): number[] {
  const classCount = predicted.length;
  return predicted.map((pixels, id) => {
    let known = 0;
    for (let truth = 0; truth < classCount; truth++) known += Number(confusion[truth * classCount + id]);
    return pixels === 0 ? 1 : known / pixels;
  });
}

function noSuchWeight(): never {
  assert(false, 'a strategy names only entropy weights that there are');
}
