// Somebody with a valid key of another project, over every method of the protocol.
import type { Client } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Split, WorkItemState } from '../../proto/gen/cpral/v1/resources.ts';
import { call } from '../../services/shared/grpc/client.ts';
import { callAny, METHODS, type Names, type Outcome, pathOf, requestsOf } from '../support/any-method.ts';
import { presetConfig } from '../support/campaign-config.ts';
import { type Clients, clientsOf, closedTo, makeKey } from '../support/identities.ts';
import { startTestRegistry, type TestRegistry } from '../support/registry.ts';
import { importDataset, runCampaign, tinyDataset } from '../support/tiny-dataset.ts';

const deadlineMs = 10_000;
const DONE = [WorkItemState.WORK_ITEM_STATE_DONE];
const page = { pageSize: 1, pageToken: '' };
let test: TestRegistry;
const open: Clients[] = [];
const clients: Record<'admin' | 'owner' | 'stranger', Clients> = {} as never;
let theirs: Names;
/** As theirs, but there is nothing by these names. */
let nothing: Names;
/** Words that only whoever may see them has a right to. */
let secrets: string[];

function connect(token: string, project = ''): Clients {
  const made = clientsOf(test.address, token, project);
  open.push(made);
  return made;
}

beforeAll(async () => {
  const identities = closedTo();
  test = await startTestRegistry({ identities });
  test.startWorkers();
  clients.admin = connect(identities.adminKey);
  const ownKey = await makeKey(clients.admin, 'maps', 'admin');
  clients.owner = connect(ownKey.secret);
  clients.stranger = connect((await makeKey(clients.admin, 'vision', 'admin')).secret);
  const { registry } = clients.owner;
  const { datasetId } = await importDataset(registry, tinyDataset());
  const { campaignId, operationId } = await runCampaign(registry, datasetId, { cycles: 2 });
  const images = { datasetId, split: Split.SPLIT_UNSPECIFIED, imageIds: [], ...page };
  const found = await call(registry.listDatasetImages.bind(registry), images, { deadlineMs });
  const { items } = await call(
    registry.listWorkItems.bind(registry),
    { campaignId, states: DONE, ...page },
    { deadlineMs },
  );
  const itemId = items[0]!.itemId;
  const ids = { datasetId, campaignId, operationId, itemId, itemIds: itemId, modelId: `${campaignId}-0` };
  theirs = { ids: { ...ids, taskId: `${campaignId}/0`, keyId: ownKey.keyId }, digest: found.images[0]!.image!.digest };
  const ghosts = Object.entries(theirs.ids).map(([name, id]) => [name, id.replace(/[0-9a-f]{4}/, 'ffff')] as const);
  nothing = { ids: Object.fromEntries(ghosts), digest: `sha256/${'0'.repeat(64)}` };
  secrets = [...Object.values(ids), theirs.digest, ownKey.keyId, 'maps', 'Tiny'];
});
afterAll(async () => {
  for (const each of open) each.close();
  await test.close();
});

/** Without the names that were asked for: they are no news to whoever asked. */
function masked(outcome: Outcome, { ids, digest }: Names): string {
  return [...Object.values(ids), digest]
    .sort((a, b) => b.length - a.length)
    .reduce((text, name) => text.replaceAll(name, '<name>'), JSON.stringify(outcome));
}

/** All but the one that lists one's own calls, and so grows with each of them. */
const tellsOfOthers = ({ name }: (typeof METHODS)[number]) => name !== 'ListAuditEntries';

const ask = (who: keyof typeof clients, method: (typeof METHODS)[number], names: Names) =>
  callAny(clients[who].registry as Client, method, requestsOf(method, names));

describe('somebody of another project', () => {
  it.each(METHODS.filter(tellsOfOthers).map((method) => [pathOf(method), method] as const))(
    'hears from %s of what is theirs what they hear of what is not there',
    async (_, method) => {
      const there = await ask('stranger', method, theirs);
      const absent = await ask('stranger', method, nothing);
      expect(masked(there, theirs)).toBe(masked(absent, nothing));
      const text = JSON.stringify(there.answers);
      for (const word of secrets) expect(text).not.toContain(word);
    },
  );

  it.each(METHODS.map((method) => [pathOf(method), method] as const))(
    'hears nothing of them from %s where no name is given',
    async (_, method) => {
      const text = JSON.stringify(await ask('stranger', method, { ids: {}, digest: '' }));
      for (const word of secrets) expect(text).not.toContain(word);
    },
  );

  it('cannot go on from a page of theirs', async () => {
    const { registry } = clients.owner;
    const pages = await call(
      registry.listWorkItems.bind(registry),
      { campaignId: '', states: DONE, ...page },
      { deadlineMs },
    );
    expect(pages.nextPageToken).not.toBe('');
    const mine = clients.stranger.registry;
    const request = { campaignId: '', states: DONE, pageSize: 100, pageToken: pages.nextPageToken };
    expect((await call(mine.listWorkItems.bind(mine), request, { deadlineMs })).items).toEqual([]);
  });

  it('makes a dataset of the same files as if they were the first, under an id of their own', async () => {
    const mine = await importDataset(clients.stranger.registry, tinyDataset());
    expect(mine.datasetId).toMatch(/^vision_tiny-/);
    expect(mine.datasetId.slice('vision_'.length)).toBe(theirs.ids.datasetId!.slice('maps_'.length));
  });

  it('takes a name and a request id that they use', async () => {
    for (const [project, { registry }] of Object.entries({ maps: clients.owner, vision: clients.stranger })) {
      const { datasets } = await call(registry.listDatasets.bind(registry), page, { deadlineMs });
      const asked = { campaignId: 'autumn', requestId: 'the same', validateOnly: false, config: presetConfig({}) };
      const request = { ...asked, datasetId: datasets[0]!.datasetId };
      const { campaign, existed } = await call(registry.createCampaign.bind(registry), request, { deadlineMs });
      expect([campaign?.campaignId, existed]).toEqual([`${project}_autumn`, false]);
    }
  });

  it('is refused another project by its name, whether it is one or not', async () => {
    const { secret } = await makeKey(clients.admin, 'vision', 'viewer');
    const said: string[] = [];
    for (const project of ['maps', 'ghost']) {
      const { registry } = connect(secret, project);
      const refused = await call(registry.listDatasets.bind(registry), page, { deadlineMs }).catch((e: Error) => e);
      said.push((refused as Error).message.replace(project, '<name>'));
    }
    expect(said[0]).toMatch(/expected a role in it/);
    expect(said[1]).toBe(said[0]);
  });
});

describe('the same questions', () => {
  const ANSWERED = [
    'GetDataset',
    'ListDatasetImages',
    'GetCampaign',
    'ListCycles',
    'ListRegions',
    'ListLabels',
    'GetModel',
  ];

  it.each([...ANSWERED, 'GetOperation', 'DownloadObject', 'RevokeApiKey'])(
    'are answered by %s to whom they belong',
    async (name) => {
      const method = METHODS.find((each) => each.name === name)!;
      // Last, it takes the key away.
      const who = name === 'RevokeApiKey' ? 'admin' : 'owner';
      const { code, answers } = await ask(who, method, theirs);
      expect(code).toBe('OK');
      expect(answers.length).toBeGreaterThan(0);
    },
  );
});
