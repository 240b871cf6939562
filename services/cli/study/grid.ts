// The campaigns that figures need: one for each arm and seed, each once, however many figures show it. Pure.
import { CampaignConfig } from '../../../proto/gen/cpral/v1/resources.ts';
import { fullConfig } from '../../shared/campaign/campaign-config.ts';
import type { Arm, Figure } from './study.ts';

export interface PlannedCampaign {
  /** Equal configurations have equal keys. */
  readonly key: string;
  readonly config: CampaignConfig;
  /** For people. */
  readonly title: string;
}

export interface GridOptions {
  /** What every arm has in common, its seed the first one. */
  readonly base: CampaignConfig;
  readonly seeds: number;
  readonly poolImages: number;
}

/** Seeds outermost: a grid that is stopped half-way has whole seeds, and arms are compared inside a seed. */
export function planGrid(figures: readonly Figure[], options: GridOptions): PlannedCampaign[] {
  const planned = new Map<string, PlannedCampaign>();
  for (const seed of seedsOf(options)) {
    const add = (config: CampaignConfig, title: string) => {
      const key = keyOf(config);
      if (!planned.has(key)) planned.set(key, { key, config, title: `${title}, seed ${seed}` });
    };
    add(fullOf(options, seed), 'all labels');
    for (const { arms } of figures) {
      for (const arm of arms)
        add(configOf(arm, options.base, seed), arm.panel === '' ? arm.name : `${arm.name}, ${arm.panel}`);
    }
  }
  return [...planned.values()];
}

export const seedsOf = ({ base, seeds }: Pick<GridOptions, 'base' | 'seeds'>): number[] =>
  Array.from({ length: seeds }, (_, at) => base.seed + at);

export const configOf = ({ strategy, change }: Arm, base: CampaignConfig, seed: number): CampaignConfig => ({
  ...base,
  ...change,
  strategy,
  seed,
});

export const fullOf = ({ base, poolImages }: GridOptions, seed: number): CampaignConfig =>
  fullConfig({ ...base, seed }, poolImages);

export const keyOf = (config: CampaignConfig): string => JSON.stringify(CampaignConfig.toJSON(config));
