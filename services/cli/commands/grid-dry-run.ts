// `cpral reproduce --dry-run`: how many campaigns a grid has, what they label, and how long they may take.
import type { PanopticScore, Strategy } from '../../../proto/gen/cpral/v1/resources.ts';
import type { DatasetSource } from '../../shared/datasets/dataset-source.ts';
import { checkNetwork } from '../../shared/model/check-network.ts';
import type { ReproduceOptions } from '../command.ts';
import { withClient } from '../connect.ts';
import { estimateGridSeconds } from '../dry-run/estimate-grid-seconds.ts';
import { planCycles } from '../dry-run/plan-cycles.ts';
import { durationText, planTable } from '../dry-run/plan-text.ts';
import { timeOneImage } from '../dry-run/time-one-image.ts';
import { samplerStepOf } from '../dry-run/time-sampler-step.ts';
import { findStrategy } from '../find-strategy.ts';
import { type Io, print } from '../io.ts';
import { type GridOptions, planGrid } from '../study/grid.ts';
import type { Figure } from '../study/study.ts';
import { formatTable } from '../table.ts';

export async function gridDryRun(
  work: { readonly figures: readonly Figure[]; readonly grid: GridOptions; readonly source: DatasetSource },
  options: ReproduceOptions,
  io: Io,
): Promise<void> {
  const { figures, grid, source } = work;
  const { poolImages, seeds, base } = grid;
  const campaigns = planGrid(figures, grid);
  const names = [...new Set(campaigns.map(({ config }) => config.strategy))];
  const strategies = await withClient(options.connection, io.signal, async (client) => {
    const found = new Map<string, Strategy>();
    for (const name of names) found.set(name, await findStrategy(client, name));
    return found;
  });
  const planned = campaigns.map(({ config }) => {
    const strategy = strategies.get(config.strategy)!;
    return { config, strategy, cycles: planCycles(config, strategy, poolImages) };
  });
  const valImages = source.images.length - poolImages;
  const imageSeconds = timeOneImage(checkNetwork(base.training?.network), source.classMap.classes.length, base.size!);
  const samplerSteps = new Map<PanopticScore, number>();
  const { trainings, seconds } = estimateGridSeconds(planned, valImages, (strategy) => {
    const samplerStep = samplerSteps.get(strategy.panoptic) ?? samplerStepOf(strategy, base.size!);
    samplerSteps.set(strategy.panoptic, samplerStep);
    return { ...imageSeconds, samplerStep };
  });

  const rows = figures.map(({ name, title, arms }) => [name, title, String(arms.length), String(arms.length * seeds)]);
  const columns = [
    { title: 'figure', align: 'left' },
    { title: '', align: 'left' },
    { title: 'arms', align: 'right' },
    { title: 'campaigns', align: 'right' },
  ] as const;
  const first = planned.find(({ config }) => config.cycles > 1)!;
  print(
    io,
    [
      `${source.displayName}: ${poolImages} images to select from, ${valImages} to validate on, at ${base.size!.height}x${base.size!.width}.`,
      '',
      formatTable(columns, rows),
      '',
      `${campaigns.length} campaigns, as figures share some and each seed has one on all labels; ${trainings} trainings, as equal ones are done once.`,
      `Estimated time on this machine: ${durationText(seconds)}, from the time of one image.`,
      '',
      `${first.strategy.name}, for instance:`,
      '',
      planTable(first.cycles),
    ].join('\n'),
  );
}
