// Named settings for whole campaigns. A flag overrides a value; what no flag names comes from here.
import {
  Annotator,
  type CampaignConfig,
  ClassWeighting,
  DropoutPlacement,
  EncoderConvention,
  ExtensionFeatures,
  ExtensionMethod,
  LearningRateSchedule,
  NoiseUnit,
  Precision,
  type TrainingConfig,
} from '../../../proto/gen/cpral/v1/resources.ts';
import type { PresetName } from './campaign-flags.ts';

export interface Preset {
  /** One line for --help. */
  readonly summary: string;
  readonly config: Omit<CampaignConfig, 'strategy'>;
  /** In place of its values where a DRN-D encodes. */
  readonly drnTraining?: Pick<TrainingConfig, 'batchSize'>;
}

/** Loss prediction with six encoder stages: Yoo and Kweon's margin and weight, detached after 60 % of the steps. */
const LOSS_PREDICTION = { enabled: true, margin: 1, weight: 1, detachAfter: 0.6 };

/** The paper, section 5: a batch of 2 with DRN. */
const PAPER_DRN = { batchSize: 2 };

/** The paper, section 5: Cityscapes at 512x1024, 200 + 4 x 200 of 2975 images. */
const paperCityscapes: Preset = {
  summary:
    'the paper on Cityscapes: 512x1024, 200 images + 4 x 200, 50 epochs, lr 0.001 -> 0.0001, batch 4 or 2 with a DRN, no class weights',
  drnTraining: PAPER_DRN,
  config: {
    cycles: 5,
    initialImages: 200,
    subsetImages: 400,
    budgetImages: 200,
    regionSizePx: 0,
    size: { height: 512, width: 1024 },
    passes: 20,
    sigma: 2,
    seed: 0,
    oracleNoise: 0,
    noiseUnit: NoiseUnit.NOISE_UNIT_SEGMENT,
    regionSpacingPx: 0,
    annotator: Annotator.ANNOTATOR_UNSPECIFIED,
    annotation: undefined,
    training: {
      network: {
        encoder: 'mobilenetv2',
        widthMultiplier: 1,
        asppChannels: 256,
        decoderChannels: 256,
        decoderSeparable: false,
        dropout: 0.25,
        precision: Precision.PRECISION_FLOAT32,
        dropoutPlacement: DropoutPlacement.DROPOUT_PLACEMENT_ENCODER,
        encoderConvention: EncoderConvention.ENCODER_CONVENTION_UNSPECIFIED,
      },
      encoderWeights: undefined,
      epochs: 50,
      steps: 0,
      batchSize: 4,
      learningRate: 1e-3,
      schedule: LearningRateSchedule.LEARNING_RATE_SCHEDULE_STEP,
      momentum: 0.9,
      weightDecay: 5e-4,
      classWeighting: ClassWeighting.CLASS_WEIGHTING_NONE,
      flip: true,
      blur: true,
      scaleAndBrightness: false,
      lossPrediction: LOSS_PREDICTION,
      stepGrowth: 0,
    },
    extension: {
      scale: 10,
      stridePx: 8,
      minConfidence: 0,
      maxDistancePx: 0,
      features: ExtensionFeatures.EXTENSION_FEATURES_RGB,
      method: ExtensionMethod.EXTENSION_METHOD_CONTEXT,
    },
  },
};

/** Section 5 again: BDD100K at its own size, 400 + 5 x 400 of 7000 images. */
const paperBdd100k: Preset = {
  summary: 'the paper on BDD100K: 720x1280, 400 images + 5 x 400, trained as on Cityscapes',
  drnTraining: PAPER_DRN,
  config: {
    ...paperCityscapes.config,
    cycles: 6,
    initialImages: 400,
    subsetImages: 800,
    budgetImages: 400,
    size: { height: 720, width: 1280 },
  },
};

/** A few hundred real images on a desktop: short trainings that reach a plateau, whatever the number of labels. */
const camvid: Preset = {
  summary: '180x240, 40 images + 3 x 20, 600 steps of batch 4, one-cycle rate, class weights: real images on a desktop',
  config: {
    ...paperCityscapes.config,
    cycles: 4,
    initialImages: 40,
    subsetImages: 40,
    budgetImages: 20,
    size: { height: 180, width: 240 },
    training: {
      ...paperCityscapes.config.training!,
      // Four fifths of the full decoder's cost are its two wide convolutions. Narrow ones learn thin things, such as poles, where
      // separable ones of twice the width do not.
      network: { ...paperCityscapes.config.training!.network!, asppChannels: 128, decoderChannels: 64 },
      epochs: 0,
      steps: 600,
      batchSize: 4,
      learningRate: 0.1,
      schedule: LearningRateSchedule.LEARNING_RATE_SCHEDULE_ONE_CYCLE,
      classWeighting: ClassWeighting.CLASS_WEIGHTING_SQRT_MEDIAN,
      blur: false,
      scaleAndBrightness: true,
      // At a hundred times the paper's rate the head's three linear layers blow each other up: its weight makes up for it.
      lossPrediction: { ...LOSS_PREDICTION, weight: 0.01 },
    },
    // Unlike the paper: with its scale of 10 no attention is ever confident over so many patches; a sharper one that is
    // accepted only where it is sure, and near a label, is right in 98 of 100 pixels.
    extension: { ...paperCityscapes.config.extension!, scale: 100, minConfidence: 0.9, maxDistancePx: 12 },
  },
};

/** Minutes on two cores, for a first look. */
const quick: Preset = {
  summary: '96x128, 8 images + 3 x 4, 250 steps of batch 4: minutes on two cores, for a first look',
  config: {
    ...camvid.config,
    initialImages: 8,
    // Six times the budget: in fewer images nearly every window is taken, and the entropy has nothing to choose.
    subsetImages: 24,
    budgetImages: 4,
    size: { height: 96, width: 128 },
    training: { ...camvid.config.training!, steps: 250 },
    extension: { ...camvid.config.extension!, maxDistancePx: 8, stridePx: 4 },
  },
};

export const PRESETS: Readonly<Record<PresetName, Preset>> = {
  quick,
  camvid,
  'paper-cityscapes': paperCityscapes,
  'paper-bdd100k': paperBdd100k,
  paper: { ...paperCityscapes, summary: 'short for paper-cityscapes' },
};

/** Synthetic scenes are small; everything else is taken for real images. */
export function presetFor(dataset: string): PresetName {
  return /^synthetic(:|$)/.test(dataset) ? 'quick' : 'camvid';
}
