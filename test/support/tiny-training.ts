// A training of a dozen steps on images that are mostly noise.
import { ClassWeighting, LearningRateSchedule } from '../../proto/gen/cpral/v1/resources.ts';
import type { TrainingSample, TrainSpec } from '../../proto/gen/cpral/v1/trainer.ts';
import { encodeMask, encodeRgb } from '../../services/shared/images/images.ts';
import { refBlob } from '../../services/shared/objects/blob.ts';
import type { ObjectStore } from '../../services/shared/objects/object-store.ts';
import { TINY_CLASSES, TINY_NETWORK, TINY_SIZE, tinyImage, tinyLabels } from './tiny-network.ts';

export const TINY_STEPS = 12;

export async function tinyTraining(objects: ObjectStore): Promise<TrainSpec> {
  const sample = async (imageId: string, unlabelledShare: number): Promise<TrainingSample> => {
    const image = await encodeRgb({ ...TINY_SIZE, data: tinyImage(imageId) });
    const classes = await encodeMask({ ...TINY_SIZE, data: tinyLabels(unlabelledShare, imageId) });
    return { imageId, image: refBlob(await objects.put(image)), classes: refBlob(await objects.put(classes)) };
  };
  const shares = [0, 0.9, 1, 0.2, 0];
  return {
    config: {
      network: TINY_NETWORK,
      encoderWeights: undefined,
      epochs: 0,
      steps: TINY_STEPS,
      batchSize: 4,
      learningRate: 0.05,
      schedule: LearningRateSchedule.LEARNING_RATE_SCHEDULE_ONE_CYCLE,
      momentum: 0.9,
      weightDecay: 5e-4,
      classWeighting: ClassWeighting.CLASS_WEIGHTING_SQRT_MEDIAN,
      flip: true,
      blur: true,
      scaleAndBrightness: true,
      stepGrowth: 0,
      lossPrediction: { enabled: true, margin: 1, weight: 1, detachAfter: 0.6 },
    },
    classCount: TINY_CLASSES,
    size: TINY_SIZE,
    train: await Promise.all(shares.map((share, i) => sample(`train${i}`, share))),
    val: [await sample('val', 0)],
    storedTrain: undefined,
    storedVal: undefined,
    seed: 7,
  };
}
