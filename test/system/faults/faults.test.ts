// The whole system as processes on real servers, disturbed while it works: short versions of what `npm run faults` does at length.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fault, inTurn } from './fault.ts';
import { deleteStream } from './faults/delete-stream.ts';
import { fillDisk } from './faults/fill-disk.ts';
import { freeze } from './faults/freeze.ts';
import { kill } from './faults/kill.ts';
import { cutLinks, delayLinks } from './faults/network.ts';
import { restartServers } from './faults/restart-servers.ts';
import { type Ground, startGround } from './ground.ts';
import { runFault, runUndisturbed } from './run-fault.ts';
import { noSmallDisk, startOnSmallDisk } from './small-disk.ts';
import type { SystemOptions } from './system.ts';
import { TINY_CAMPAIGN, type TinyOutcome } from './tiny-campaign.ts';

const SEED = 1;
const LEASE_SECONDS = 6;
const LIMIT_MS = 240_000;
const TEST_LIMIT_MS = LIMIT_MS + 60_000;
const unable = await noSmallDisk();

let ground: Ground;
let undisturbed: TinyOutcome;
beforeAll(async () => {
  ground = await startGround();
  const options = { ground, leaseSeconds: LEASE_SECONDS };
  undisturbed = await runUndisturbed({ options, config: TINY_CAMPAIGN, limitMs: LIMIT_MS });
}, TEST_LIMIT_MS);
afterAll(() => ground.close());

interface Short {
  readonly name: string;
  readonly fault: Fault;
  readonly maxStrikes: number;
  /** On a fast machine the campaign may end before all of them. */
  readonly minStrikes?: number;
  readonly options?: Partial<SystemOptions>;
}

async function disturb({ name, fault, maxStrikes, minStrikes = 1, options = {} }: Short): Promise<void> {
  const { strikes, lost, differing } = await runFault({
    options: { ground, leaseSeconds: LEASE_SECONDS, workers: 1, ...options },
    config: TINY_CAMPAIGN,
    name,
    fault,
    seed: SEED,
    maxStrikes,
    limitMs: LIMIT_MS,
    say: () => {},
    undisturbed,
  });
  expect({ lost, differing }).toEqual({ lost: [], differing: [] });
  expect(strikes).toBeGreaterThanOrEqual(minStrikes);
}

const servers = [restartServers(['postgres']), deleteStream, restartServers(['nats']), restartServers(['s3'])];

describe('a campaign selects, labels, pays and learns what the undisturbed one does', () => {
  it.each<Short>([
    {
      name: 'while services are killed, two registries among them',
      fault: kill(),
      maxStrikes: 8,
      minStrikes: 4,
      options: { registries: 2 },
    },
    { name: 'while a worker stops for twice its lease', fault: freeze, maxStrikes: 1, options: { workers: 2 } },
    { name: 'while servers restart and the stream of work is deleted', fault: inTurn(servers), maxStrikes: 4 },
    { name: 'while links are cut and slow', fault: inTurn([cutLinks, delayLinks]), maxStrikes: 4 },
  ])('$name', disturb, TEST_LIMIT_MS);

  it.skipIf(unable !== undefined)(
    `while the disk of the store is full${unable === undefined ? '' : `: ${unable}`}`,
    async () => {
      const disk = await startOnSmallDisk(ground);
      try {
        await disturb({ name: 'disk', fault: fillDisk(disk), maxStrikes: 1, options: { s3: disk.s3 } });
      } finally {
        await disk.s3.server.stop();
      }
    },
    TEST_LIMIT_MS,
  );
});
