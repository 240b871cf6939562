// Loss prediction (Yoo and Kweon 2019; the paper's panoptic part, with six encoder stages):
// each stage: global average pooling -> linear to 128 -> ReLU; their concatenation -> linear to 1.
//   loss = mean over pairs (i, B-1-i) of max(0, margin - sign(l_i - l_j) * (p_i - p_j)),  sign = +1 if l_i > l_j else -1
// or, as TA-VAAL's ranker (Kim et al. 2021),
//   loss = mean over pairs of -log sigmoid(sign(l_i - l_j) * (p_i - p_j)),  binary cross-entropy of sigmoid(p_i - p_j)
// l: the images' true losses (not differentiated), p: their predicted ones, B: the even size of the batch.
import { RankingLoss } from '../../../proto/gen/cpral/v1/resources.ts';
import type { Layers } from './layers.ts';
import type { Operations, Shaped } from './operations.ts';

const HIDDEN_CHANNELS = 128;

/**
 * @param gate how much of the gradient flows into the encoder; a scalar tensor, 1 or 0. Absent: all.
 * @returns predicted losses [batch, 1]
 */
export function predictLoss<T extends Shaped>(layers: Layers<T>, stages: readonly T[], gate?: T): T {
  const { operations, linear } = layers;
  const hidden = stages.map((stage, i) => {
    const pooled = operations.mean(operations.toFloat(stage), [1, 2]); // [B, C]
    const gated = gate ? gateGradient(operations, pooled, gate) : pooled;
    return operations.relu(linear(gated, `loss_prediction/stage${i + 1}`, HIDDEN_CHANNELS));
  });
  return linear(operations.concat(hidden), 'loss_prediction/output', 1);
}

/** x, whose gradient is multiplied by the gate: gate * x + (1 - gate) * x, the second one held fixed. */
function gateGradient<T extends Shaped>(operations: Operations<T>, x: T, gate: T): T {
  const closed = operations.subtract(operations.constant([1], []), gate);
  return operations.add(operations.multiply(x, gate), operations.multiply(operations.stopGradient(x), closed));
}

export interface RankingOptions<T> {
  /** p, [batch, 1]. */
  readonly predicted: T;
  /** l, [batch, 1]. */
  readonly losses: T;
  /** [batch, 1]: 1 where an image has a true loss, else 0; a pair counts when both have one. */
  readonly valid: T;
  /** Of the hinge. */
  readonly margin: number;
  /** Absent: the hinge. */
  readonly ranking?: RankingLoss | undefined;
}

/** @returns a scalar; 0 where no pair counts */
export function rankingLoss<T extends Shaped>(
  operations: Operations<T>,
  { predicted, losses, valid, margin, ranking = RankingLoss.RANKING_LOSS_HINGE }: RankingOptions<T>,
): T {
  const batch = predicted.shape[0]!;
  const scalar = (value: number) => operations.constant([value], []);
  const pairing = (second: -1 | 1) => pairingMatrix(operations, batch, second);
  const truth = operations.stopGradient(operations.matmul(pairing(-1), losses)); // l_i - l_j, [B/2, 1]
  const sign = operations.subtract(operations.multiply(operations.greater(truth, scalar(0)), scalar(2)), scalar(1));
  const difference = operations.matmul(pairing(-1), predicted); // p_i - p_j
  const inOrder = operations.multiply(sign, difference);
  const errors =
    ranking === RankingLoss.RANKING_LOSS_CROSS_ENTROPY
      ? operations.softplus(operations.multiply(inOrder, scalar(-1)))
      : operations.relu(operations.subtract(scalar(margin), inOrder));
  const counts = operations.greater(operations.matmul(pairing(1), valid), scalar(1.5)); // [B/2, 1]
  const total = operations.sum(operations.multiply(errors, counts), [0, 1]);
  return operations.divide(total, operations.maximum(operations.sum(counts, [0, 1]), scalar(1)));
}

/** Row i picks image i and, with the given factor, its partner B-1-i: [batch / 2, batch]. */
function pairingMatrix<T extends Shaped>(operations: Operations<T>, batch: number, second: number): T {
  const values = Array.from({ length: (batch / 2) * batch }, (_, index) => {
    const [row, column] = [Math.floor(index / batch), index % batch];
    if (column === row) return 1;
    return column === batch - 1 - row ? second : 0;
  });
  return operations.constant(values, [batch / 2, batch]);
}
