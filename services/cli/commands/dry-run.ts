// `cpral run --dry-run`: what a run would do and cost. Nothing is imported, trained or written.
import type { CampaignConfig, Strategy } from '../../../proto/gen/cpral/v1/resources.ts';
import type { DatasetSource } from '../../shared/datasets/dataset-source.ts';
import { checkNetwork } from '../../shared/model/check-network.ts';
import type { RunOptions } from '../command.ts';
import { estimateSeconds } from '../dry-run/estimate-seconds.ts';
import { planCycles } from '../dry-run/plan-cycles.ts';
import { estimateText, planTable } from '../dry-run/plan-text.ts';
import { timeOneImage } from '../dry-run/time-one-image.ts';
import { samplerStepOf } from '../dry-run/time-sampler-step.ts';
import { type Io, print } from '../io.ts';

export interface DryRun {
  /** The strategy's campaign, then its control. */
  readonly campaigns: readonly { readonly config: CampaignConfig; readonly strategy: Strategy }[];
  readonly source: DatasetSource;
}

export function dryRun({ campaigns, source }: DryRun, { json, full }: RunOptions, io: Io): void {
  const poolImages = source.images.filter(({ split }) => split === 'train').length;
  const valImages = source.images.length - poolImages;
  const planned = campaigns.map(({ config, strategy }) => ({
    config,
    strategy,
    cycles: planCycles(config, strategy, poolImages),
  }));
  const { config } = campaigns[0]!;
  const network = checkNetwork(config.training?.network);
  const imageSeconds = timeOneImage(network, source.classMap.classes.length, config.size!);
  const plans = planned.map(({ config, strategy, cycles }) => ({
    strategy: strategy.name,
    cycles,
    seconds: estimateSeconds(
      cycles,
      { config, strategy, valImages },
      { ...imageSeconds, samplerStep: samplerStepOf(strategy, config.size!) },
    ),
  }));
  if (json) {
    print(io, JSON.stringify({ poolImages, valImages, plans }, null, 2));
    return;
  }
  const { height, width } = config.size!;
  const texts = plans.map(
    ({ strategy, cycles, seconds }) => `${strategy}\n\n${planTable(cycles)}\n\n${estimateText(seconds)}\n`,
  );
  const lead = `${source.displayName}: ${poolImages} images to select from, ${valImages} to validate on, at ${height}x${width}.\n`;
  const last = full ? ['And one training on all labels.'] : [];
  print(io, [lead, ...texts, ...last].join('\n').trimEnd());
}
