// Cross-entropy of a segmentation over labelled pixels:
//   loss = sum_i v_i w(y_i) e_i / sum_i v_i w(y_i),   e_i = -log softmax(z_i)[y_i]
// z: logits, y: class ids, v: 1 where a pixel is labelled, w: class weights. Where nothing is labelled it is 0.
import { NO_CLASS } from '../labels/origins.ts';
import type { Operations, Shaped } from './operations.ts';

/** Far below the weight of one pixel: it only keeps an all-unlabelled batch from dividing by 0. */
const SMALLEST_WEIGHT_SUM = 1e-6;

export interface SegmentationLoss<T> {
  /** The weighted mean over the batch, a scalar. */
  readonly loss: T;
  /** The plain mean over each image's labelled pixels, [batch, 1]. */
  readonly imageLosses: T;
  /** 1 for images with labelled pixels, [batch, 1]. */
  readonly imageValid: T;
}

/**
 * @param logits [batch, height, width, classes]
 * @param labels [batch, height, width], int32; 255 is not labelled
 * @param classWeights [classes]
 */
export function segmentationLoss<T extends Shaped>(
  operations: Operations<T>,
  { logits, labels, classWeights }: { logits: T; labels: T; classWeights: T },
): SegmentationLoss<T> {
  const [batch, height, width, classes] = logits.shape as [number, number, number, number];
  const pixels = batch * height * width;
  const ids = operations.reshape(labels, [pixels]);
  const labelled = operations.gather(
    operations.constant(
      everyId((id) => (id === NO_CLASS ? 0 : 1)),
      [NO_CLASS + 1],
    ),
    ids,
  ); // v
  // Unlabelled pixels are computed as class 0 and weighted by 0.
  const classIds = operations.constant(
    everyId((id) => (id < classes ? id : 0)),
    [NO_CLASS + 1],
    'int32',
  );
  const safeIds = operations.gather(classIds, ids);
  const errors = operations.softmaxCrossEntropy(operations.reshape(logits, [pixels, classes]), safeIds); // e
  const weights = operations.multiply(labelled, operations.gather(classWeights, safeIds)); // v w
  const floor = (value: number) => operations.constant([value], []);
  const weightSum = operations.maximum(operations.sum(weights, [0]), floor(SMALLEST_WEIGHT_SUM));
  const loss = operations.divide(operations.sum(operations.multiply(errors, weights), [0]), weightSum);

  const perImage = (x: T) => operations.sum(operations.reshape(x, [batch, height * width]), [1], true);
  const counts = perImage(labelled); // [B, 1]
  const imageErrors = perImage(operations.multiply(operations.stopGradient(errors), labelled));
  return {
    loss,
    imageLosses: operations.divide(imageErrors, operations.maximum(counts, floor(1))),
    imageValid: operations.greater(counts, floor(0)),
  };
}

/** A table over all 256 ids of a mask. */
function everyId(value: (id: number) => number): number[] {
  return Array.from({ length: NO_CLASS + 1 }, (_, id) => value(id));
}
