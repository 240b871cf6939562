// What can be said about a campaign in place of a preset's values.
import type { ImageSize } from '../../../proto/gen/cpral/v1/resources.ts';
import type { EncoderName } from '../model/encoder.ts';

export const PRESET_NAMES = ['quick', 'camvid', 'paper-cityscapes', 'paper-bdd100k', 'paper'] as const;
export type PresetName = (typeof PRESET_NAMES)[number];

export const DROPOUT_PLACEMENTS = ['encoder', 'classifier'] as const;
export const NOISE_UNITS = ['segment', 'pixel'] as const;
export const EXTENSION_FEATURES = ['rgb', 'encoder'] as const;
export const ANNOTATORS = ['simulated', 'people'] as const;
export const PRECISIONS = ['float32', 'bfloat16'] as const;

/** What somebody says about a campaign, by flags or by a form; the preset answers for everything that they leave out. */
export interface CampaignFlags {
  readonly cycles?: number;
  readonly initialImages?: number;
  readonly subsetImages?: number;
  readonly budgetImages?: number;
  readonly regionSizePx?: number;
  readonly size?: ImageSize;
  readonly encoder?: EncoderName;
  readonly precision?: (typeof PRECISIONS)[number];
  readonly dropoutPlacement?: (typeof DROPOUT_PLACEMENTS)[number];
  readonly epochs?: number;
  readonly steps?: number;
  readonly stepGrowth?: number;
  readonly batchSize?: number;
  readonly passes?: number;
  readonly seed?: number;
  readonly oracleNoise?: number;
  readonly noiseUnit?: (typeof NOISE_UNITS)[number];
  readonly regionSpacingPx?: number;
  readonly extensionFeatures?: (typeof EXTENSION_FEATURES)[number];
  readonly annotator?: (typeof ANNOTATORS)[number];
  /** Only where people annotate. */
  readonly review?: boolean;
  readonly secondOpinions?: number;
  readonly gold?: number;
}
