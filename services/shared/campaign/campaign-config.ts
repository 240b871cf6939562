// From a preset and the flags to campaign configurations. Pure.
import {
  Annotator,
  type CampaignConfig,
  DropoutPlacement,
  type EncoderConvention,
  ExtensionFeatures,
  NoiseUnit,
  type ObjectRef,
  Precision,
} from '../../../proto/gen/cpral/v1/resources.ts';
import { planBudget } from '../budget.ts';
import { grownTraining } from '../step-growth.ts';
import type { CampaignFlags } from './campaign-flags.ts';
import type { Preset } from './presets.ts';

const PRECISION_OF = { float32: Precision.PRECISION_FLOAT32, bfloat16: Precision.PRECISION_BFLOAT16 } as const;
const PLACEMENT_OF = {
  encoder: DropoutPlacement.DROPOUT_PLACEMENT_ENCODER,
  classifier: DropoutPlacement.DROPOUT_PLACEMENT_CLASSIFIER,
} as const;

const NOISE_UNIT_OF = { segment: NoiseUnit.NOISE_UNIT_SEGMENT, pixel: NoiseUnit.NOISE_UNIT_PIXEL } as const;
const FEATURES_OF = {
  rgb: ExtensionFeatures.EXTENSION_FEATURES_RGB,
  encoder: ExtensionFeatures.EXTENSION_FEATURES_ENCODER,
} as const;

/** The strategy's campaign: the preset with the flags in place of its values. */
export function campaignConfig(preset: Preset, strategy: string, flags: CampaignFlags): CampaignConfig {
  const {
    encoder,
    precision,
    dropoutPlacement,
    epochs,
    steps,
    stepGrowth,
    batchSize,
    noiseUnit,
    extensionFeatures,
    annotator,
    review,
    secondOpinions,
    gold,
    ...plain
  } = flags;
  const { training, extension, ...config } = preset.config;
  const resized = flags.size !== undefined && flags.regionSizePx === undefined ? { regionSizePx: 0 } : {};
  return {
    ...config,
    ...resized,
    ...plain,
    strategy,
    ...subset(flags),
    ...(noiseUnit === undefined ? {} : { noiseUnit: NOISE_UNIT_OF[noiseUnit] }),
    ...(annotator === 'people' ? peopleWith(review, secondOpinions, gold) : {}),
    extension: {
      ...extension!,
      ...(extensionFeatures === undefined ? {} : { features: FEATURES_OF[extensionFeatures] }),
    },
    training: {
      ...training!,
      network: {
        ...training!.network!,
        ...(encoder === undefined ? {} : { encoder }),
        ...(precision === undefined ? {} : { precision: PRECISION_OF[precision] }),
        ...(dropoutPlacement === undefined ? {} : { dropoutPlacement: PLACEMENT_OF[dropoutPlacement] }),
      },
      ...(encoder?.startsWith('drn-') ? preset.drnTraining : {}),
      ...(epochs === undefined ? {} : { epochs, steps: 0, stepGrowth: 0 }),
      ...(steps === undefined ? {} : { steps, epochs: 0 }),
      ...(stepGrowth === undefined ? {} : { stepGrowth }),
      ...(batchSize === undefined ? {} : { batchSize }),
    },
  };
}

/** How long an annotator may be silent is the registry's to say. */
function peopleWith(review = false, secondOpinionShare = 0, goldShare = 0): Partial<CampaignConfig> {
  const annotation = { review, secondOpinionShare, goldShare, leaseSeconds: 0 };
  return { annotator: Annotator.ANNOTATOR_PEOPLE, annotation };
}

/** A budget without a subset asks for the subset that goes with it, twice the budget, and not for the preset's. */
function subset(flags: CampaignFlags): Partial<CampaignConfig> {
  return flags.budgetImages !== undefined && flags.subsetImages === undefined ? { subsetImages: 0 } : {};
}

/** @param weights an uploaded file of the encoder's tensors, and what it expects of pixels and padding */
export function withEncoderWeights(
  config: CampaignConfig,
  weights: { readonly object: ObjectRef; readonly encoderConvention: EncoderConvention } | undefined,
): CampaignConfig {
  const training = config.training!;
  if (!weights) return { ...config, training: { ...training, encoderWeights: undefined } };
  const network = { ...training.network!, encoderConvention: weights.encoderConvention };
  return { ...config, training: { ...training, network, encoderWeights: weights.object } };
}

/** The same campaign with another selection: what it differs in is what selected. */
export function controlConfig(config: CampaignConfig, strategy: string): CampaignConfig {
  return { ...config, strategy };
}

/**
 * One training on every label of the pool: what the campaigns are measured against. Nothing is acquired, so what would
 * decide an acquisition is left out, and campaigns with other budgets find the same training.
 */
export function fullConfig(config: CampaignConfig, poolImages: number): CampaignConfig {
  const labels = { labelledPixels: poolImages, initialPixels: config.initialImages };
  return {
    ...config,
    training: grownTraining(config.training!, labels),
    strategy: 'random',
    cycles: 1,
    initialImages: poolImages,
    subsetImages: 0,
    budgetImages: 0,
    regionSizePx: 0,
    oracleNoise: 0,
    noiseUnit: NoiseUnit.NOISE_UNIT_SEGMENT,
    regionSpacingPx: 0,
    // Known labels are nobody's work.
    annotator: Annotator.ANNOTATOR_UNSPECIFIED,
    annotation: undefined,
  };
}

/**
 * Refuses what cannot work before anything is imported. The registry checks again, with the strategy's own rules.
 * @param poolImages training images of the dataset
 */
export function checkPlan(config: CampaignConfig, poolImages: number): void {
  const { size, initialImages, cycles, budgetImages, subsetImages, regionSizePx } = config;
  const wholeImages = false;
  planBudget({ size: size!, initialImages, cycles, budgetImages, subsetImages, regionSizePx, poolImages, wholeImages });
}
