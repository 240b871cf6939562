// How long a grid of campaigns may take, one after the other. Equal trainings are done once: campaigns of a seed that differ only in
// what they select share the first one. Pure.
import type { CampaignConfig, Strategy } from '../../../proto/gen/cpral/v1/resources.ts';
import { estimateSeconds, type ImageSeconds } from './estimate-seconds.ts';
import type { PlannedCycle } from './plan-cycles.ts';

export interface PlannedGridCampaign {
  readonly config: CampaignConfig;
  readonly strategy: Strategy;
  readonly cycles: readonly PlannedCycle[];
}

export function estimateGridSeconds(
  campaigns: readonly PlannedGridCampaign[],
  valImages: number,
  secondsOf: (strategy: Strategy) => ImageSeconds,
): { readonly trainings: number; readonly seconds: number } {
  const firstTrainings = new Set<string>();
  let [trainings, seconds] = [0, 0];
  for (const { config, strategy, cycles } of campaigns) {
    const { training, size, initialImages, seed } = config;
    const first = JSON.stringify([training, size, initialImages, seed]);
    const shared = firstTrainings.has(first);
    firstTrainings.add(first);
    const own = shared ? cycles.slice(1) : cycles;
    const imageSeconds = secondsOf(strategy);
    const { training: trained } = estimateSeconds(own, { config, strategy, valImages }, imageSeconds);
    const { selection, sampler } = estimateSeconds(cycles, { config, strategy, valImages }, imageSeconds);
    trainings += own.length;
    seconds += trained.most + selection + sampler.most;
  }
  return { trainings, seconds };
}
