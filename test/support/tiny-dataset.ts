// A dataset of tiny images, imported through the registry's own door.
import { setTimeout as sleep } from 'node:timers/promises';
import type { ImportDatasetRequest, PoolRegistryClient } from '../../proto/gen/cpral/v1/pool_registry.ts';
import { type Campaign, type CampaignConfig, type Dataset, Split } from '../../proto/gen/cpral/v1/resources.ts';
import { call, messages } from '../../services/shared/grpc/client.ts';
import { fromServiceError } from '../../services/shared/grpc/status.ts';
import { encodeMask, encodeRgb } from '../../services/shared/images/images.ts';
import { presetConfig } from './campaign-config.ts';

export const TINY = { height: 12, width: 18 };
const CLASSES = ['road', 'sky', 'car'].map((name) => ({ name, color: '#808080' }));

export async function* tinyDataset({ train = 10, val = 2 } = {}): AsyncGenerator<ImportDatasetRequest> {
  yield { part: { $case: 'description', value: { displayName: 'Tiny', classMap: { classes: CLASSES } } } };
  for (let i = 0; i < train + val; i++) {
    const { height, width } = TINY;
    const data = Uint8Array.from({ length: height * width * 3 }, (_, k) => (k * 7 + i * 31) % 256);
    const ids = Uint8Array.from({ length: height * width }, (_, k) => (k % 17 === 0 ? 255 : (k + i) % CLASSES.length));
    const image = { source: { $case: 'inline', value: await encodeRgb({ height, width, data }) } } as const;
    const groundTruth = { source: { $case: 'inline', value: await encodeMask({ height, width, data: ids }) } } as const;
    const split = i < train ? Split.SPLIT_TRAIN : Split.SPLIT_VAL;
    yield {
      part: { $case: 'image', value: { imageId: `image-${String(i).padStart(3, '0')}`, split, image, groundTruth } },
    };
  }
}

export async function importDataset(
  registry: PoolRegistryClient,
  parts: AsyncIterable<ImportDatasetRequest>,
): Promise<Dataset> {
  return new Promise((resolve, reject) => {
    const stream = registry.importDataset((error, response) => {
      if (error) reject(fromServiceError(error));
      else resolve(response.dataset as Dataset);
    });
    (async () => {
      for await (const part of parts)
        if (!stream.write(part)) await Promise.race([new Promise((go) => stream.once('drain', go)), sleep(1_000)]);
      stream.end();
    })().catch((error) => {
      stream.cancel();
      reject(error);
    });
  });
}

/** Creates a campaign on the tiny dataset and waits until it has ended. */
export async function runCampaign(
  registry: PoolRegistryClient,
  datasetId: string,
  config: Partial<CampaignConfig>,
): Promise<Campaign> {
  const campaignId = await createCampaign(registry, datasetId, config);
  return untilEnded(registry, campaignId);
}

export async function createCampaign(
  registry: PoolRegistryClient,
  datasetId: string,
  config: Partial<CampaignConfig>,
): Promise<string> {
  const request = { campaignId: '', datasetId, config: presetConfig(config), requestId: '', validateOnly: false };
  const { campaign } = await call(registry.createCampaign.bind(registry), request, { deadlineMs: 10_000 });
  return campaign?.campaignId ?? '';
}

export async function untilEnded(registry: PoolRegistryClient, campaignId: string): Promise<Campaign> {
  let last: Campaign | undefined;
  for await (const { campaign } of messages(registry.watchCampaign({ campaignId }))) last = campaign;
  if (!last) throw new Error('the watch ended without a campaign');
  return last;
}
