import { afterAll, beforeAll, expect, it } from 'vitest';
import { Split } from '../../proto/gen/cpral/v1/resources.ts';
import { all, createClient, type RegistryClient } from '../../services/cli/client.ts';
import { fileNameOf } from '../../services/cli/commands/export-labels.ts';
import { importSource } from '../../services/cli/import-source.ts';
import { openCamvid } from '../../services/shared/datasets/camvid.ts';
import { makeTree, mask, picture } from '../shared/datasets/tree.ts';
import { startTestRegistry, type TestRegistry } from '../support/registry.ts';

const VIEW = { start() {}, update() {}, finish() {}, note() {}, close() {} };

let registry: TestRegistry;
let client: RegistryClient;
beforeAll(async () => {
  registry = await startTestRegistry();
  client = createClient(registry.address, new AbortController().signal);
});
afterAll(async () => {
  await client?.close();
  await registry?.close();
});

it('files of any name are imported, and their labels get names that lead to them', async () => {
  const [image, label] = [await picture(), await mask([1])];
  await using tree = await makeTree({
    'train/images/Straße 1 (links).png': image,
    'train/labels/Straße 1 (links).png': label,
    'val/images/東京.png': image,
    'val/labels/東京.png': label,
  });
  const { dataset } = await importSource(client, await openCamvid(tree.folder), VIEW);
  const [imported] = await all(client.datasetImages(dataset.datasetId, Split.SPLIT_TRAIN));
  const file = fileNameOf(imported?.imageId ?? '');
  expect(decodeURIComponent(file)).toBe('train/Straße 1 (links).png');
});
