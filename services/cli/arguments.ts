// From the words of a command line to a typed command. Pure: nothing is read, written or started here.
import { Command as Commander, CommanderError } from 'commander';
import { type CpralError, invalid } from '../shared/errors.ts';
import { addAccessCommands } from './access-flags.ts';
import {
  type Command,
  type Connection,
  LABEL_FORMATS,
  type LabelFormat,
  MODEL_FORMATS,
  type ModelFormat,
} from './command.ts';
import {
  connected,
  connection,
  DATASET_HELP,
  homeOption,
  jsonOption,
  logLevelOption,
  option,
  type RawConnection,
  workersOption,
} from './flags.ts';
import { addRunFlags, type RawRun, runOptions } from './run-flags.ts';
import { addStudyCommands } from './study-flags.ts';
import { address, DEFAULT_PAGE_LISTENS, oneOf, pageListens, someText, wholeNumber } from './values.ts';
import { addWorkCommands } from './work-flags.ts';

/** Enough scenes for a curve that rises, and few enough for minutes. */
const DEMO_DATASET = 'synthetic:train=60,val=24';
const DEFAULT_LISTEN = '127.0.0.1:50051';
const MAX_WAIT_SECONDS = 3_600;

type RawJson = RawConnection & { readonly json?: boolean };
type RawOut = RawConnection & { readonly out?: string };

/**
 * @param words what follows "cpral" on the command line
 * Throws INVALID_ARGUMENT with one line that names the flag.
 */
export function parseArguments(words: readonly string[], version: string): Command {
  let command: Command | undefined;
  let help = '';
  const program = buildProgram(version, words, (parsed) => {
    command = parsed;
  });
  // Settings are inherited when a subcommand is made, so each one is told.
  everyCommand(program, (each) => {
    each.exitOverride();
    each.configureOutput({
      writeOut: (text) => {
        help += text;
      },
      writeErr: () => {},
    });
  });
  try {
    program.parse(words.length === 0 ? ['--help'] : [...words], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { name: 'help', text: help };
    if (error.code === 'commander.help') throw invalid(incomplete(words));
    throw inOurWords(error);
  }
  if (!command) throw invalid(incomplete(words));
  return command;
}

function buildProgram(version: string, words: readonly string[], done: (command: Command) => void): Commander {
  const program = new Commander('cpral')
    .description('Active learning for semantic segmentation: labels the regions that teach a model most.')
    .version(version, '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .showSuggestionAfterError(true);

  program
    .command('serve')
    .description('start all services in this process tree and print the gRPC address')
    .addOption(homeOption())
    .addOption(
      option('--listen <host:port>', 'where to listen; port 0 takes a free one', address).default(DEFAULT_LISTEN),
    )
    .addOption(
      option(
        '--page <host:port|none>',
        'where the label tool is, for people; port 0 takes a free one (default: 127.0.0.1:8080, or a free port where that is taken)',
        pageListens,
      ),
    )
    .addOption(workersOption())
    .addOption(logLevelOption())
    .action(
      ({ home, listen, page, workers, logLevel }: Omit<Connection, 'address'> & { listen: string; page?: string[] }) =>
        done({ name: 'serve', home, listen, pageListens: page ?? DEFAULT_PAGE_LISTENS, workers, logLevel }),
    );

  addRunFlags(program.command('run').description('run a strategy and its control on a dataset and write a report'), {
    out: 'out/run',
  }).action((o: RawRun) => done({ name: 'run', options: runOptions(o, o.preset) }));
  addRunFlags(
    program.command('demo').description('the whole loop in minutes: a small run on synthetic street scenes'),
    {
      dataset: DEMO_DATASET,
      preset: 'quick',
      out: 'out/demo',
    },
  ).action((o: RawRun) => done({ name: 'demo', options: runOptions(o, o.preset ?? 'quick') }));

  addStudyCommands(program, words, done);

  program
    .command('health')
    .description('ask services whether they are ready, and end well when all of them are')
    .argument('<HOST:PORT...>', 'where they listen')
    .addOption(
      option('--wait <seconds>', 'how long they have time', wholeNumber, { min: 0, max: MAX_WAIT_SECONDS }).default(0),
    )
    .action((addresses: string[], o: { wait: number }) =>
      done({ name: 'health', addresses: addresses.map(address('HOST:PORT')), waitSeconds: o.wait }),
    );

  const dataset = program.command('dataset').description('import and look at datasets');
  connected(dataset.command('import').description('check a dataset and import all of it'))
    .argument('<FORMAT:PATH>', DATASET_HELP)
    .action((flag: string, o: RawConnection) =>
      done({ name: 'dataset import', connection: connection(o), dataset: flag }),
    );
  connected(dataset.command('list').description('list datasets, newest first'))
    .addOption(jsonOption())
    .action((o: RawJson) => done({ name: 'dataset list', connection: connection(o), json: o.json === true }));
  connected(dataset.command('show').description('show a dataset and its classes'))
    .argument('<DATASET>', "the dataset's id")
    .addOption(jsonOption())
    .action((id: string, o: RawJson) =>
      done({ name: 'dataset show', connection: connection(o), id, json: o.json === true }),
    );

  const campaign = program.command('campaign').description('look at campaigns and let them go on');
  connected(campaign.command('list').description('list campaigns, newest first'))
    .addOption(jsonOption())
    .action((o: RawJson) => done({ name: 'campaign list', connection: connection(o), json: o.json === true }));
  connected(campaign.command('show').description('show a campaign, its pool and its cycles'))
    .argument('<CAMPAIGN>', "the campaign's id")
    .addOption(jsonOption())
    .action((id: string, o: RawJson) =>
      done({ name: 'campaign show', connection: connection(o), id, json: o.json === true }),
    );
  connected(campaign.command('watch').description('follow a campaign until it ends'))
    .argument('<CAMPAIGN>', "the campaign's id")
    .action((id: string, o: RawConnection) => done({ name: 'campaign watch', connection: connection(o), id }));
  connected(campaign.command('resume').description('go on from the last committed work, and follow it until it ends'))
    .argument('[CAMPAIGN]', "the campaign's id; left out: every campaign that has not ended")
    .action((id: string | undefined, o: RawConnection) =>
      done({ name: 'campaign resume', connection: connection(o), id }),
    );

  addWorkCommands(program, done);
  addAccessCommands(program, done);

  const exporting = program.command('export').description('take labels and models out');
  connected(exporting.command('labels').description('write class masks, origin masks and the class list into a folder'))
    .argument('<CAMPAIGN>', "the campaign's id")
    .addOption(option('--out <dir>', 'the folder to write', someText, 'a folder'))
    .addOption(
      option(
        '--format <format>',
        'what to write beside the masks: nothing, or COCO run lengths',
        oneOf,
        LABEL_FORMATS,
      ).default('png' satisfies LabelFormat),
    )
    .action((id: string, o: RawOut & { readonly format: LabelFormat }) => {
      const out = required('--out', 'a folder', o.out);
      done({ name: 'export labels', connection: connection(o), id, out, format: o.format });
    });
  connected(exporting.command('model').description('write a model, with a description in JSON beside it'))
    .argument('<CAMPAIGN|MODEL>', "a model's id, or a campaign's for its newest model")
    .addOption(option('--out <file>', 'the file to write', someText, 'a file'))
    .addOption(
      option('--format <format>', 'weights alone, or a network that runs elsewhere', oneOf, MODEL_FORMATS).default(
        'safetensors' satisfies ModelFormat,
      ),
    )
    .action((id: string, o: RawOut & { readonly format: ModelFormat }) => {
      const out = required('--out', 'a file', o.out);
      done({ name: 'export model', connection: connection(o), id, out, format: o.format });
    });
  return program;
}

function everyCommand(command: Commander, visit: (command: Commander) => void): void {
  visit(command);
  for (const each of command.commands) everyCommand(each, visit);
}

function incomplete(words: readonly string[]): string {
  const path = ['cpral', ...words].join(' ');
  return `${path}: expected a command after it; ${path} --help lists them`;
}

function required(flag: string, expected: string, value: string | undefined): string {
  if (value === undefined) throw invalid(`${flag}: expected ${expected}, got nothing`, { field: flag });
  return value;
}

/** Commander quotes what it declared, "'--out <dir>'"; a user looks for the flag. */
function inOurWords(error: CommanderError): CpralError {
  const message = error.message.replace(/^error: /, '').replaceAll('\n', ' ');
  const flag = /option '(?:-\w, )?(--[\w-]+) ?(<[^']*>)?' argument missing/.exec(message);
  if (flag) return invalid(`${flag[1]}: expected ${flag[2] ?? 'a value'}, got nothing`, { field: flag[1] ?? '' });
  const conflict = /option '(--[\w-]+)[^']*' cannot be used with option '(--[\w-]+)/.exec(message);
  if (conflict)
    return invalid(`${conflict[1]}: expected either this or ${conflict[2]}, got both`, { field: conflict[1] ?? '' });
  const missing = /missing required argument '([^']*)'/.exec(message);
  if (missing)
    return invalid(
      `${missing[1]}: expected ${missing[1]?.includes('|') ? 'one of these' : 'it'} after the command, got nothing`,
    );
  return invalid(message);
}
