// The whole system in its own process tree, killed in the middle of every step.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { credentials } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ListCyclesResponse, PoolRegistryClient } from '../../proto/gen/cpral/v1/pool_registry.ts';
import { startEmbedded } from '../../services/cli/serve.ts';
import { call } from '../../services/shared/grpc/client.ts';
import { runCli } from '../support/run-cli.ts';

const deadlineMs = 30_000;
const RUN = [
  ...['run', '--dataset', 'synthetic:train=8,val=2,size=48x64,seed=3', '--size', '48x64', '--control', 'none'],
  ...[
    '--cycles',
    '3',
    '--initial',
    '2',
    '--subset',
    '4',
    '--budget',
    '1',
    '--steps',
    '8',
    '--batch',
    '2',
    '--passes',
    '4',
    '--seed',
    '5',
  ],
];

let folder: string;
let undisturbed: Awaited<ReturnType<typeof outcome>>;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'cpral-resume-'));
  const run = await start('undisturbed');
  expect(run.exitCode, run.stderr).toBe(0);
  undisturbed = await outcome('undisturbed');
}, 240_000);
afterAll(() => rm(folder, { recursive: true }));

function start(home: string, killAt?: (line: string) => boolean) {
  const places = ['--home', path.join(folder, home), '--out', path.join(folder, `${home}-out`)];
  return runCli([...RUN, ...places], killAt);
}

/** What a campaign selected, labelled and learnt, read from its home. */
async function outcome(home: string) {
  const services = await startEmbedded({ home: path.join(folder, home) });
  const registry = new PoolRegistryClient(services.address, credentials.createInsecure());
  try {
    const page = { pageSize: 1000, pageToken: '' };
    const { campaigns } = await call(registry.listCampaigns.bind(registry), page, { deadlineMs });
    const campaignId = campaigns[0]?.campaignId ?? '';
    const { regions } = await call(registry.listRegions.bind(registry), { campaignId, ...page }, { deadlineMs });
    const { labels } = await call(
      registry.listLabels.bind(registry),
      { campaignId, imageIds: [], ...page },
      { deadlineMs },
    );
    const { cycles } = await call(
      registry.listCycles.bind(registry),
      { campaignId, pageSize: 0, pageToken: '' },
      { deadlineMs },
    );
    return { regions, labels, learnt: cycles.map(learnt) };
  } finally {
    registry.close();
    await services.close();
  }
}

/** A cycle without its seconds, which differ. */
function learnt({ seconds: _, ...cycle }: ListCyclesResponse['cycles'][number]) {
  return cycle;
}

describe('a run whose process tree is killed', () => {
  it.each([
    ['while the initial labels are made', /initial labels/],
    ['in the first training', /1\/3 train/],
    ['while images are rated', /1\/3 rate/],
    ['while regions are found', /1\/3 find regions/],
    ['while regions are annotated', /1\/3 annotate/],
    ['while labels are extended', /1\/3 extend/],
    ['in the second training', /2\/3 train/],
  ])(
    '%s goes on with the same command and selects, labels and learns what an undisturbed one does',
    async (name, line) => {
      const home = name.replaceAll(' ', '-');
      const killed = await start(home, (text) => line.test(text));
      expect(killed.signal).toBe('SIGKILL');
      const resumed = await start(home);
      expect(resumed.exitCode, resumed.stderr).toBe(0);
      expect(await outcome(home)).toEqual(undisturbed);
    },
    240_000,
  );
});
