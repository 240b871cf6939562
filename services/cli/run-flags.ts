// The flags of `run` and `demo`.
import { type Command as Commander, Option } from 'commander';
import {
  ANNOTATORS,
  type CampaignFlags,
  DROPOUT_PLACEMENTS,
  EXTENSION_FEATURES,
  NOISE_UNITS,
  PRECISIONS,
  PRESET_NAMES,
  type PresetName,
} from '../shared/campaign/campaign-flags.ts';
import { PRESETS } from '../shared/campaign/presets.ts';
import { invalid } from '../shared/errors.ts';
import { ENCODERS, type EncoderName } from '../shared/model/encoder.ts';
import { CONTROLS, type RunOptions } from './command.ts';
import { connected, connection, DATASET_HELP, option, type RawConnection } from './flags.ts';
import { evenNumber, imageSize, oddSide, oneOf, positiveNumber, share, someText, wholeNumber } from './values.ts';

const MAX_CYCLES = 1_000;
const MAX_PASSES = 1_000;
const MAX_SPACING_PX = 4_096;

export interface RunDefaults {
  readonly dataset?: string;
  readonly preset?: PresetName;
  readonly out: string;
}

/** Commander's own record of the flags. */
export interface RawCampaign extends RawConnection {
  readonly dataset?: string;
  readonly preset?: PresetName;
  readonly cycles?: number;
  readonly initial?: number;
  readonly subset?: number;
  readonly budget?: number;
  readonly region?: number;
  readonly size?: { height: number; width: number };
  readonly encoder?: EncoderName;
  readonly precision?: (typeof PRECISIONS)[number];
  readonly dropout?: (typeof DROPOUT_PLACEMENTS)[number];
  readonly encoderWeights?: string;
  readonly epochs?: number;
  readonly steps?: number;
  readonly stepGrowth?: number;
  readonly batch?: number;
  readonly passes?: number;
  readonly seed?: number;
  readonly oracleNoise?: number;
  readonly noiseUnit?: (typeof NOISE_UNITS)[number];
  readonly spacing?: number;
  readonly extensionFeatures?: (typeof EXTENSION_FEATURES)[number];
  readonly annotator?: (typeof ANNOTATORS)[number];
  readonly review?: boolean;
  readonly secondOpinions?: number;
  readonly gold?: number;
}

export interface RawRun extends RawCampaign {
  readonly strategy: string;
  readonly control: (typeof CONTROLS)[number];
  readonly full?: boolean;
  readonly dryRun?: boolean;
  readonly out: string;
  readonly json?: boolean;
}

/** What decides a campaign, its strategy apart. */
export function addCampaignFlags(command: Commander, defaults: Pick<RunDefaults, 'dataset' | 'preset'>): Commander {
  const dataset = option('--dataset <format:path>', DATASET_HELP, someText, 'FORMAT:PATH');
  const preset = `named settings that the flags override: ${PRESET_NAMES.join(', ')} (default: ${
    defaults.preset ?? 'quick for synthetic scenes, else camvid'
  })`;
  return connected(command)
    .addOption(defaults.dataset ? dataset.default(defaults.dataset) : dataset)
    .addOption(option('--preset <name>', preset, oneOf, PRESET_NAMES))
    .addOption(
      option('--cycles <n>', 'points on the learning curve; one acquisition between two', wholeNumber, {
        min: 1,
        max: MAX_CYCLES,
      }),
    )
    .addOption(option('--initial <images>', 'fully labelled images at the start', wholeNumber, { min: 1 }))
    .addOption(
      option('--subset <images>', 'images that the panoptic selection keeps in a cycle', wholeNumber, { min: 1 }),
    )
    .addOption(option('--budget <images>', 'what a cycle may label, in image equivalents', positiveNumber))
    .addOption(
      option(
        '--region <px>',
        'side of a region, odd, from 1 for single pixels (default: an eighth of the height)',
        oddSide,
      ),
    )
    .addOption(
      option('--spacing <px>', 'least distance between two regions of an image in one cycle', wholeNumber, {
        min: 0,
        max: MAX_SPACING_PX,
      }),
    )
    .addOption(option('--size <HxW>', 'pixels at which everything is trained, scored and labelled', imageSize))
    .addOption(option('--encoder <name>', `the network's encoder: ${ENCODERS.join(', ')}`, oneOf, ENCODERS))
    .addOption(
      option('--precision <name>', 'numbers that features are computed in: float32 or bfloat16', oneOf, PRECISIONS),
    )
    .addOption(
      option(
        '--dropout <place>',
        'where channels are dropped: encoder (the paper), or classifier, where a stochastic pass costs a tenth',
        oneOf,
        DROPOUT_PLACEMENTS,
      ),
    )
    .addOption(
      option(
        '--encoder-weights <path|none>',
        'a safetensors file, of PyTorch too, a Keras MobileNetV2 (model.json), or none (default: for mobilenetv2 what nsfwjs ships)',
        someText,
        'a path or none',
      ),
    )
    .addOption(option('--epochs <n>', 'passes over the labelled images in a training', wholeNumber, { min: 1 }))
    .addOption(
      option('--steps <n>', 'steps of a training, whatever is labelled; instead of --epochs', wholeNumber, {
        min: 1,
      }).conflicts('epochs'),
    )
    .addOption(
      option(
        '--step-growth <exponent>',
        'how steps grow with the labels: 0 the same in every cycle, 1 as much as the labelled pixels',
        share,
      ).conflicts('epochs'),
    )
    .addOption(option('--batch <n>', 'images in a training step, even', evenNumber))
    .addOption(
      option('--passes <n>', 'stochastic passes for the vote entropy', wholeNumber, { min: 1, max: MAX_PASSES }),
    )
    .addOption(option('--seed <n>', 'decides every random choice', wholeNumber, { min: 0 }))
    .addOption(
      option('--oracle-noise <share>', 'wrong answers of the simulated annotator, such as 0, 0.2, 0.4 or 0.6', share),
    )
    .addOption(
      option(
        '--noise-unit <name>',
        'what is answered wrongly as a whole: segment, connected pixels of a class, or pixel',
        oneOf,
        NOISE_UNITS,
      ),
    )
    .addOption(
      option(
        '--extension-features <name>',
        "what the extension compares: rgb (the paper), or encoder, the model's features",
        oneOf,
        EXTENSION_FEATURES,
      ),
    )
    .addOption(
      option(
        '--annotator <who>',
        'who answers: simulated, from ground truth, or people, on the labelling page',
        oneOf,
        ANNOTATORS,
      ),
    )
    .addOption(new Option('--review', "people's labels count once somebody else has accepted them"))
    .addOption(option('--second-opinions <share>', 'share of the tasks that two people label', share))
    .addOption(option('--gold <share>', 'tasks whose answer is known beside the others, as a share of them', share));
}

export function addRunFlags(command: Commander, defaults: RunDefaults): Commander {
  return addCampaignFlags(command, defaults)
    .addOption(
      option(
        '--strategy <name>',
        'what selects: a name of the paper such as cpral or random, or parts such as entropy+gaussian:rarity+extension',
        someText,
        'a name',
      ).default('cpral'),
    )
    .addOption(
      option(
        '--control <name>',
        'what to compare with: random or none (none where people answer)',
        oneOf,
        CONTROLS,
      ).default('random'),
    )
    .addOption(new Option('--full', 'also train on all labels, and report the share of that mIoU'))
    .addOption(
      option('--out <dir>', 'where report.html and report.json go', someText, 'a folder').default(defaults.out),
    )
    .addOption(new Option('--dry-run', 'print the plan, its cost and an estimate of its time, and do nothing'))
    .addOption(new Option('--json', 'print report.json on the standard output, and nothing else there'))
    .addHelpText('after', presetHelp());
}

export function runOptions(raw: RawRun, preset: PresetName | undefined): RunOptions {
  if (raw.dataset === undefined) throw invalid('--dataset: expected FORMAT:PATH, got nothing', { field: '--dataset' });
  return {
    connection: connection(raw),
    dataset: raw.dataset,
    strategy: raw.strategy,
    preset,
    flags: campaignFlags(raw),
    encoderWeights: raw.encoderWeights,
    // People would be asked everything twice.
    control: raw.annotator === 'people' ? 'none' : raw.control,
    full: raw.full === true,
    dryRun: raw.dryRun === true,
    out: raw.out,
    json: raw.json === true,
  };
}

export function campaignFlags(raw: RawCampaign): CampaignFlags {
  return {
    ...given('cycles', raw.cycles),
    ...given('initialImages', raw.initial),
    ...given('subsetImages', raw.subset),
    ...given('budgetImages', raw.budget),
    ...given('regionSizePx', raw.region),
    ...given('size', raw.size),
    ...given('encoder', raw.encoder),
    ...given('precision', raw.precision),
    ...given('dropoutPlacement', raw.dropout),
    ...given('epochs', raw.epochs),
    ...given('steps', raw.steps),
    ...given('stepGrowth', raw.stepGrowth),
    ...given('batchSize', raw.batch),
    ...given('passes', raw.passes),
    ...given('seed', raw.seed),
    ...given('oracleNoise', raw.oracleNoise),
    ...given('noiseUnit', raw.noiseUnit),
    ...given('regionSpacingPx', raw.spacing),
    ...given('extensionFeatures', raw.extensionFeatures),
    ...given('annotator', raw.annotator),
    ...given('review', raw.review),
    ...given('secondOpinions', raw.secondOpinions),
    ...given('gold', raw.gold),
  };
}

function given<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V });
}

const PRESET_WIDTH = Math.max(...PRESET_NAMES.map((name) => name.length));

export function presetHelp(): string {
  const lines = PRESET_NAMES.map((name) => `  ${name.padEnd(PRESET_WIDTH)} ${PRESETS[name].summary}`);
  return `\nPresets:\n${lines.join('\n')}\n\nThe same command again goes on where it was stopped, or only reports.`;
}
