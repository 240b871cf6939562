import { afterEach, describe, expect, it } from 'vitest';
import { CampaignState, Split } from '../../proto/gen/cpral/v1/resources.ts';
import { all, createClient, type RegistryClient } from '../../services/cli/client.ts';
import { importSource } from '../../services/cli/import-source.ts';
import type { ProgressView } from '../../services/cli/progress/view.ts';
import { campaignConfig } from '../../services/shared/campaign/campaign-config.ts';
import { PRESETS } from '../../services/shared/campaign/presets.ts';
import { CpralError } from '../../services/shared/errors.ts';
import { digestOf } from '../../services/shared/objects/object-store.ts';
import { type Script, startScriptedRegistry } from './support/scripted-registry.ts';
import { tinySource } from './support/tiny-dataset.ts';

const silent: ProgressView = { start() {}, update() {}, finish() {}, note() {}, close() {} };
const closing: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(script: Script = { play: () => undefined }, signal = new AbortController().signal) {
  const registry = await startScriptedRegistry(script);
  closing.push(registry.close);
  const client = createClient(registry.address, signal);
  closing.push(client.close);
  return { registry, client };
}

async function startCampaign(client: RegistryClient): Promise<string> {
  const { dataset } = await importSource(client, await tinySource(), silent);
  const config = campaignConfig(PRESETS.quick, 'cpral', {});
  const { campaign } = await client.createCampaign({ datasetId: dataset.datasetId, config, validateOnly: false });
  return campaign!.campaignId;
}

describe('objects', () => {
  it('of several chunks come back as they were sent', async () => {
    const { client } = await start();
    const bytes = Uint8Array.from({ length: (2 << 20) + 12_345 }, (_, at) => (at * 31) % 251);
    const object = await client.uploadObject(bytes);
    expect(object.sizeBytes).toBe(BigInt(bytes.length));
    expect(Buffer.compare(await client.downloadObject(object), bytes)).toBe(0);
  });

  it('that nobody stored are refused with the code of the registry', async () => {
    const { client } = await start();
    const missing = { digest: `sha256/${'0'.repeat(64)}`, sizeBytes: 1n };
    await expect(client.downloadObject(missing)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('that were damaged on the way are refused', async () => {
    const { client, registry } = await start();
    const good = await registry.objects.put(Uint8Array.from([1, 2, 3]));
    registry.objects.get = async () => Uint8Array.from([1, 2, 4]);
    await expect(client.downloadObject(good)).rejects.toMatchObject({ code: 'DATA_LOSS' });
  });
});

describe('an import', () => {
  it('brings every image with its split and its ground truth', async () => {
    const { client, registry } = await start();
    const source = await tinySource({ train: 9, val: 2 });
    const { dataset, existed } = await importSource(client, source, silent);
    expect({ existed, train: dataset.trainImages, val: dataset.valImages }).toEqual({
      existed: false,
      train: 9,
      val: 2,
    });
    const images = await all(client.datasetImages(dataset.datasetId, Split.SPLIT_TRAIN));
    expect(images.map(({ imageId }) => imageId)).toEqual(source.images.slice(0, 9).map(({ imageId }) => imageId));
    const { image, groundTruth } = await source.images[0]!.read();
    expect(await registry.objects.has({ digest: digestOf(image), sizeBytes: 0n })).toBe(true);
    expect(images[0]!.image!.digest).toBe(digestOf(image));
    expect(images[0]!.groundTruth!.digest).toBe(digestOf(groundTruth));
    expect((await importSource(client, source, silent)).existed).toBe(true);
  });

  it('of a source with a bad file sends nothing', async () => {
    const { client } = await start();
    const source = await tinySource();
    const broken = {
      ...source.images[1]!,
      read: async () => ({ ...(await source.images[1]!.read()), image: Uint8Array.from([1]) }),
    };
    const images = [source.images[0]!, broken];
    await expect(importSource(client, { ...source, images }, silent)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    expect(await all(client.datasets())).toEqual([]);
  });

  it('that fails to read in the middle ends with that error', async () => {
    const { client } = await start();
    const source = await tinySource();
    let reads = 0;
    const fickle = {
      ...source.images[0]!,
      read: async () => {
        if (++reads > 1) throw new Error('the disk went away');
        return source.images[0]!.read();
      },
    };
    await expect(importSource(client, { ...source, images: [fickle] }, silent)).rejects.toThrow('the disk went away');
    expect(await all(client.datasets())).toEqual([]);
  });
});

describe('a watch', () => {
  it('gives every state up to the last', async () => {
    const played = { cycles: [], regions: [], labels: new Map(), previews: new Map() };
    const { client } = await start({ play: async () => played });
    const states = await all(client.watchCampaign(await startCampaign(client)));
    expect(states.map(({ state }) => state)).toEqual([1, 3]);
  });

  it('goes on where one in between reset it', async () => {
    const played = { cycles: [], regions: [], labels: new Map(), previews: new Map() };
    const ends = [new CpralError('CANCELLED', 'reset'), new CpralError('UNAVAILABLE', 'stopping')];
    const play: Script['play'] = async () => {
      const end = ends.pop();
      if (end) throw end;
      return played;
    };
    const { client } = await start({ play });
    const states = await all(client.watchCampaign(await startCampaign(client)));
    expect(states.at(-1)?.state).toBe(CampaignState.CAMPAIGN_STATE_SUCCEEDED);
    expect(ends).toEqual([]);
  });

  it('of a campaign that nobody made is refused', async () => {
    const { client } = await start();
    await expect(all(client.watchCampaign('none'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('ends when the caller is interrupted', async () => {
    const interrupt = new AbortController();
    const { client } = await start({ play: () => undefined }, interrupt.signal);
    const watched = all(client.watchCampaign(await startCampaign(client)));
    interrupt.abort();
    await expect(watched).rejects.toThrow();
  });
});

it('an address where nothing listens is UNAVAILABLE', async () => {
  const { registry, client } = await start();
  await registry.close();
  await expect(all(client.datasets())).rejects.toMatchObject({ code: 'UNAVAILABLE' });
});
