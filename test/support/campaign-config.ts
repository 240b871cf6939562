// A small configuration that is complete.
import { CampaignConfig, ClassWeighting, LearningRateSchedule } from '../../proto/gen/cpral/v1/resources.ts';

export function presetConfig(config: Partial<CampaignConfig>): CampaignConfig {
  return CampaignConfig.fromPartial({
    strategy: 'cpral',
    cycles: 3,
    initialImages: 2,
    subsetImages: 4,
    budgetImages: 1,
    regionSizePx: 5,
    size: { height: 12, width: 18 },
    passes: 4,
    sigma: 2,
    seed: 1,
    oracleNoise: 0,
    training: {
      network: {
        encoder: 'mobilenetv2',
        widthMultiplier: 1,
        asppChannels: 32,
        decoderChannels: 32,
        decoderSeparable: true,
        dropout: 0.25,
      },
      epochs: 1,
      steps: 4,
      batchSize: 2,
      learningRate: 0.01,
      schedule: LearningRateSchedule.LEARNING_RATE_SCHEDULE_ONE_CYCLE,
      momentum: 0.9,
      weightDecay: 5e-4,
      classWeighting: ClassWeighting.CLASS_WEIGHTING_NONE,
      flip: true,
      blur: false,
      scaleAndBrightness: false,
      lossPrediction: { enabled: true, margin: 1, weight: 1, detachAfter: 0.6 },
    },
    extension: { scale: 10, stridePx: 4, minConfidence: 0.5, maxDistancePx: 8 },
    ...config,
  });
}
