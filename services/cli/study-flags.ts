// The flags of `reproduce` and `compare`.
import { Argument, type Command as Commander, Option } from 'commander';
import { invalid } from '../shared/errors.ts';
import type { Command, CompareOptions, ReproduceOptions } from './command.ts';
import { connected, connection, option, type RawConnection } from './flags.ts';
import { addCampaignFlags, campaignFlags, presetHelp, type RawCampaign } from './run-flags.ts';
import { FIGURE_NAMES, type FigureName, PAPER_FIGURES } from './study/figures.ts';
import { oneOf, someText, wholeNumber } from './values.ts';

const MAX_SEEDS = 1_000;
const MAX_PARALLEL = 256;

interface RawReproduce extends RawCampaign {
  readonly seeds: number;
  readonly parallel?: number;
  readonly dryRun?: boolean;
  readonly out: string;
}

type RawCompare = RawConnection & { readonly control?: string; readonly out: string };

export function addStudyCommands(program: Commander, words: readonly string[], done: (command: Command) => void): void {
  const choices = [...FIGURE_NAMES, 'all'];
  const reproduce = program
    .command('reproduce')
    .description('run the grid of campaigns behind a figure of the paper, and compare over seeds')
    .addArgument(
      new Argument('<figure>', `${choices.join(', ')}; all are those of the paper`).argParser(
        oneOf('figure', choices as (FigureName | 'all')[]),
      ),
    );
  addCampaignFlags(reproduce, {})
    .addOption(
      option('--seeds <n>', 'campaigns of each arm, from --seed on', wholeNumber, { min: 1, max: MAX_SEEDS }).default(
        3,
      ),
    )
    .addOption(
      option('--parallel <n>', 'campaigns under way at once (default: as many as --workers)', wholeNumber, {
        min: 1,
        max: MAX_PARALLEL,
      }),
    )
    .addOption(
      option('--out <dir>', 'where report.html and results.csv go', someText, 'a folder').default('out/reproduce'),
    )
    .addOption(new Option('--dry-run', 'print the grid, what it labels and an estimate of its time, and do nothing'))
    .addHelpText('after', presetHelp())
    .action((figure: FigureName | 'all', raw: RawReproduce) =>
      done({ name: 'reproduce', options: reproduceOptions(figure, raw, words) }),
    );

  connected(
    program
      .command('compare')
      .description('compare finished campaigns; those that differ in their seed alone are one arm'),
  )
    .argument('<CAMPAIGN...>', "the campaigns' ids, one of them trained on all labels where there is one")
    .addOption(option('--control <arm>', 'what the others are held against (default: random)', someText, 'an arm'))
    .addOption(
      option('--out <dir>', 'where report.html and results.csv go', someText, 'a folder').default('out/compare'),
    )
    .action((ids: string[], raw: RawCompare) => done({ name: 'compare', options: compareOptions(ids, raw) }));
}

function reproduceOptions(figure: FigureName | 'all', raw: RawReproduce, words: readonly string[]): ReproduceOptions {
  if (raw.dataset === undefined) throw invalid('--dataset: expected FORMAT:PATH, got nothing', { field: '--dataset' });
  return {
    connection: connection(raw),
    dataset: raw.dataset,
    figures: figure === 'all' ? PAPER_FIGURES : [figure],
    seeds: raw.seeds,
    parallel: raw.parallel ?? raw.workers,
    preset: raw.preset,
    flags: campaignFlags(raw),
    encoderWeights: raw.encoderWeights,
    dryRun: raw.dryRun === true,
    out: raw.out,
    command: ['cpral', ...words].join(' '),
  };
}

function compareOptions(ids: readonly string[], raw: RawCompare): CompareOptions {
  return { connection: connection(raw), ids, control: raw.control, out: raw.out };
}
