// Options that several commands share, and how a flag's text becomes its value.
import { type Command as Commander, Option } from 'commander';
import { type Connection, LOG_LEVELS, type LogLevel } from './command.ts';
import { address, oneOf, type Reader, someText, wholeNumber } from './values.ts';

const DEFAULT_HOME = '.cpral';

export const DATASET_HELP =
  'synthetic[:train=N,val=N,size=HxW,seed=N], camvid:DIR, masks:DIR, cityscapes:DIR or bdd100k:DIR';

/** An option whose text is read by one of the readers, under the flag's own name. */
export function option<T, Rest extends unknown[]>(
  flags: string,
  description: string,
  reader: (flag: string, ...rest: Rest) => Reader<T>,
  ...rest: Rest
): Option {
  const result = new Option(flags, description);
  const read = reader(result.long ?? flags, ...rest);
  return result.argParser((text) => read(text));
}

export const homeOption = () =>
  option('--home <dir>', 'where embedded services keep their state', someText, 'a folder').default(DEFAULT_HOME);

export const jsonOption = () => new Option('--json', 'print JSON');

export const logLevelOption = () =>
  option('--log-level <level>', 'what embedded services write into cpral.log in their home', oneOf, LOG_LEVELS).default(
    'info' satisfies LogLevel,
  );

const MAX_WORKERS = 64;

export const workersOption = () =>
  option(
    '--workers <n>',
    'pieces of work that embedded services do at once, each with its share of cores and memory',
    wholeNumber,
    { min: 1, max: MAX_WORKERS },
  ).default(1);

export interface RawConnection {
  readonly address?: string;
  readonly home: string;
  readonly workers: number;
  readonly logLevel: LogLevel;
}

/** Gives a command the flags that say where the services are. */
export function connected(command: Commander): Commander {
  return command
    .addOption(homeOption())
    .addOption(option('--address <host:port>', 'use services that run already instead of starting them', address))
    .addOption(workersOption())
    .addOption(logLevelOption());
}

export function connection(raw: RawConnection): Connection {
  return { address: raw.address, home: raw.home, workers: raw.workers, logLevel: raw.logLevel };
}
