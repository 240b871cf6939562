// The faults by name: what strikes, on which system, how often in a short run and in a long one.
import path from 'node:path';
import type { CampaignConfig } from '../../../proto/gen/cpral/v1/resources.ts';
import type { Fault } from './fault.ts';
import { deleteStream } from './faults/delete-stream.ts';
import { fillDisk } from './faults/fill-disk.ts';
import { freeze } from './faults/freeze.ts';
import { kill } from './faults/kill.ts';
import { killTraining } from './faults/kill-training.ts';
import { cutLinks, delayLinks } from './faults/network.ts';
import { registryAway } from './faults/registry-away.ts';
import { restartServers } from './faults/restart-servers.ts';
import type { Ground } from './ground.ts';
import { noSmallDisk, startOnSmallDisk } from './small-disk.ts';
import type { SystemOptions } from './system.ts';
import { longTraining, TINY_CAMPAIGN } from './tiny-campaign.ts';

export interface Scenario {
  /** For the table. */
  readonly title: string;
  readonly options?: Partial<Pick<SystemOptions, 'registries' | 'leaseSeconds' | 'programs'>>;
  /** What differs from the tiny campaign; it has an undisturbed one of its own. */
  readonly config?: Partial<CampaignConfig>;
  /** Strikes in one campaign. */
  readonly strikes: number;
  /** Why it cannot be done on this machine. */
  readonly unable?: () => Promise<string | undefined>;
  readonly prepare: (ground: Ground) => Promise<Prepared>;
}

export interface Prepared {
  readonly fault: Fault;
  readonly options?: Pick<SystemOptions, 's3'>;
  close?(): Promise<void>;
}

const plain = (fault: Fault) => async () => ({ fault });
const isRegistry = (name: string) => name.startsWith('pool-registry');

/** The stated minute of a stopped process, at twice the lease as it is by default. */
const DEFAULT_LEASE_SECONDS = 30;

/** So long that it outlasts fifty kills, a second or two apart. */
const MANY_CYCLES = 10;
const LONG_TRAINING_STEPS = 60;
const SLOW_TRAINER = path.resolve(import.meta.dirname, 'programs/slow-trainer.ts');

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  kill: {
    title: 'kill -9 of each service, at random moments',
    strikes: 10,
    prepare: plain(kill()),
  },
  kills: {
    title: 'kill -9 of each service, fifty in one campaign',
    config: { ...TINY_CAMPAIGN, cycles: MANY_CYCLES },
    strikes: 50,
    prepare: plain(kill()),
  },
  replicas: {
    title: 'two registries, kill -9 of one or the other',
    options: { registries: 2 },
    strikes: 5,
    prepare: plain(kill(isRegistry)),
  },
  training: {
    title: 'kill -9 of whoever trains, at random steps of one training',
    options: { programs: { trainer: SLOW_TRAINER } },
    config: longTraining(LONG_TRAINING_STEPS),
    strikes: 10,
    prepare: plain(killTraining(LONG_TRAINING_STEPS)),
  },
  freeze: {
    title: 'SIGSTOP of a busy worker for a minute',
    options: { leaseSeconds: DEFAULT_LEASE_SECONDS },
    strikes: 1,
    prepare: plain(freeze),
  },
  registry: {
    title: 'the registry is away for 40 s while work is done',
    strikes: 1,
    prepare: plain(registryAway),
  },
  nats: { title: 'NATS ends or is killed, away for up to 3 s', strikes: 3, prepare: plain(restartServers(['nats'])) },
  postgres: {
    title: 'PostgreSQL ends or is killed, away for up to 3 s',
    strikes: 3,
    prepare: plain(restartServers(['postgres'])),
  },
  s3: { title: 'S3 ends or is killed, away for up to 3 s', strikes: 3, prepare: plain(restartServers(['s3'])) },
  stream: { title: 'the stream of work is deleted', strikes: 4, prepare: plain(deleteStream) },
  cut: { title: 'a link is cut for up to 6 s', strikes: 4, prepare: plain(cutLinks) },
  delay: { title: 'a link answers 500 ms late for up to 6 s', strikes: 4, prepare: plain(delayLinks) },
  disk: {
    title: 'the disk of the store is full for up to 15 s',
    strikes: 2,
    unable: noSmallDisk,
    async prepare(ground) {
      const disk = await startOnSmallDisk(ground);
      return { fault: fillDisk(disk), options: { s3: disk.s3 }, close: () => disk.s3.server.stop() };
    },
  },
};
