// From a preset and the flags to campaign configurations. Pure.
import type { CampaignConfig, ObjectRef } from '../../proto/gen/cpral/v1/resources.ts';
import { invalid } from '../shared/errors.ts';
import type { CampaignFlags } from './command.ts';
import type { Preset } from './presets.ts';

/** The strategy's campaign: the preset with the flags in place of its values. */
export function campaignConfig(preset: Preset, strategy: string, flags: CampaignFlags): CampaignConfig {
  const { encoder, epochs, steps, batchSize, ...plain } = flags;
  const { training, ...config } = preset.config;
  const resized = flags.size !== undefined && flags.regionSizePx === undefined ? { regionSizePx: 0 } : {};
  return {
    ...config,
    ...resized,
    ...plain,
    strategy,
    ...subset(flags),
    training: {
      ...training!,
      network: { ...training!.network!, ...(encoder === undefined ? {} : { encoder }) },
      ...(epochs === undefined ? {} : { epochs, steps: 0 }),
      ...(steps === undefined ? {} : { steps, epochs: 0 }),
      ...(batchSize === undefined ? {} : { batchSize }),
    },
  };
}

/** A budget without a subset asks for the subset that goes with it, twice the budget, and not for the preset's. */
function subset(flags: CampaignFlags): Partial<CampaignConfig> {
  return flags.budgetImages !== undefined && flags.subsetImages === undefined ? { subsetImages: 0 } : {};
}

export function withEncoderWeights(config: CampaignConfig, encoderWeights: ObjectRef | undefined): CampaignConfig {
  return { ...config, training: { ...config.training!, encoderWeights } };
}

/** The same campaign with another selection: what it differs in is what selected. */
export function controlConfig(config: CampaignConfig, strategy: string): CampaignConfig {
  return { ...config, strategy };
}

/** One training on every label of the pool: what the campaigns are measured against. */
export function fullConfig(config: CampaignConfig, poolImages: number): CampaignConfig {
  return { ...config, strategy: 'random', cycles: 1, initialImages: poolImages, oracleNoise: 0 };
}

/**
 * Refuses what cannot work before anything is imported, in the words of the flags.
 * @param poolImages training images of the dataset
 */
export function checkPlan(config: CampaignConfig, poolImages: number): void {
  const { initialImages, budgetImages, cycles, regionSizePx, size, subsetImages } = config;
  if (initialImages > poolImages) {
    throw refuse('--initial', `at most the ${poolImages} training images of the dataset`, initialImages);
  }
  const wanted = initialImages + budgetImages * (cycles - 1);
  if (wanted > poolImages) {
    const parts = `${initialImages} initial + ${cycles - 1} acquisitions of ${budgetImages} = ${wanted}`;
    throw refuse('--budget', `at most the ${poolImages} training images of the dataset in all`, parts);
  }
  if (cycles > 1 && subsetImages > poolImages) {
    throw refuse('--subset', `at most the ${poolImages} training images of the dataset`, subsetImages);
  }
  const shorter = Math.min(size!.height, size!.width);
  if (regionSizePx > shorter) {
    throw refuse(
      '--region',
      `at most ${shorter} px, the shorter side of ${size!.height}x${size!.width}`,
      `${regionSizePx} px`,
    );
  }
}

function refuse(flag: string, expected: string, actual: number | string) {
  return invalid(`${flag}: expected ${expected}, got ${actual}`, { field: flag });
}
