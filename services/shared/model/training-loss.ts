// What a training step makes smaller: the segmentation's cross-entropy and, where it is on, the weighted ranking loss of the
// loss-prediction head.
import type { ImageSize, LossPredictionConfig, NetworkConfig } from '../../../proto/gen/cpral/v1/resources.ts';
import { dropoutFactors } from './dropout.ts';
import { encode } from './encoder.ts';
import type { Layers } from './layers.ts';
import { predictLoss, rankingLoss } from './loss-prediction.ts';
import type { Shaped } from './operations.ts';
import { scaleImages } from './scale-images.ts';
import { segmentationLoss } from './segmentation-loss.ts';
import { stochasticDecoder } from './stochastic-decoder.ts';

export interface TrainingLossOptions<T> {
  readonly network: NetworkConfig;
  readonly classCount: number;
  readonly size: ImageSize;
  readonly lossPrediction?: LossPredictionConfig;
  /** [batch, height, width, 3], bytes. */
  readonly images: T;
  /** [batch, height, width], class ids as bytes, 255 where nothing is labelled. */
  readonly labels: T;
  /** [2], int32; decides the dropout of this step. */
  readonly seed: T;
  readonly classWeights: T;
  /** 1 while the head's gradient flows into the encoder, then 0. */
  readonly gate: T;
}

export interface TrainingLoss<T> {
  readonly total: T;
  readonly segmentation: T;
  readonly ranking: T;
}

export function trainingLoss<T extends Shaped>(layers: Layers<T>, options: TrainingLossOptions<T>): TrainingLoss<T> {
  const { operations } = layers;
  const { network, classCount, size, lossPrediction, seed } = options;
  const scalar = (value: number) => operations.constant([value], []);

  const features = encode(layers, scaleImages(layers, options.images, network), network);
  const { before, decode } = stochasticDecoder(layers, features, { config: network, classCount, ...size });
  const logits = decode(before, (x, salt) => {
    if (network.dropout === 0) return x;
    const [images, , , channels] = x.shape as [number, number, number, number];
    const factors = dropoutFactors(operations, { images, channels, rate: network.dropout, seed, salt });
    return operations.multiply(x, operations.castLike(factors, x));
  });
  const labels = operations.toInteger(options.labels);
  const segmentation = segmentationLoss(operations, { logits, labels, classWeights: options.classWeights });

  const predicted = predictLoss(layers, features.stages, options.gate); // [B, 1]
  if (!lossPrediction?.enabled)
    return { total: segmentation.loss, segmentation: segmentation.loss, ranking: scalar(0) };
  const ranking = rankingLoss(operations, {
    predicted,
    losses: segmentation.imageLosses,
    valid: segmentation.imageValid,
    margin: lossPrediction.margin,
    ranking: lossPrediction.ranking,
  });
  const weighted = operations.multiply(ranking, scalar(lossPrediction.weight));
  return { total: operations.add(segmentation.loss, weighted), segmentation: segmentation.loss, ranking };
}
