// Where labels come from, for every format: the campaign, the cycle, who looked, and the model that asked.
import type { Campaign, Cycle, Label } from '../../../proto/gen/cpral/v1/resources.ts';

/** By the values of an origin mask, for readers who do not have the protocol at hand. */
export const ORIGINS = ['nobody', 'initial', 'oracle', 'human', 'extended'] as const;

/** Who gave the class, by origin: the initial labels and the oracle's are read from ground truth. */
export const ANNOTATORS = ['nobody', 'ground truth', 'simulated', 'person', 'model'] as const;

/** Of a campaign's labels as a whole. */
export function campaignLineage({ campaignId, datasetId, config, strategy }: Campaign) {
  return {
    campaign: campaignId,
    dataset: datasetId,
    strategy: strategy?.name ?? config?.strategy ?? '',
    seed: config?.seed ?? 0,
    oracle_noise: config?.oracleNoise ?? 0,
  };
}

/** Of one image's label: the cycle that last changed it, and that cycle's model, which chose what to ask for. */
export function labelLineage({ cycle }: Label, cycles: readonly Cycle[]) {
  return { cycle, model: cycles.find((each) => each.cycle === cycle)?.modelId ?? '' };
}
