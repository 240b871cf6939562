// A campaign of seconds with the real network at its smallest, watched to its end, and what came of it.
import { setTimeout as sleep } from 'node:timers/promises';
import type { ImportDatasetRequest, PoolRegistryClient } from '../../../proto/gen/cpral/v1/pool_registry.ts';
import { type Campaign, type CampaignConfig, CampaignState, Split } from '../../../proto/gen/cpral/v1/resources.ts';
import { openSynthetic } from '../../../services/shared/datasets/synthetic.ts';
import { CpralError } from '../../../services/shared/errors.ts';
import { call } from '../../../services/shared/grpc/client.ts';
import { presetConfig } from '../../support/campaign-config.ts';
import { createCampaign, importDataset } from '../../support/tiny-dataset.ts';
import { TINY_NETWORK } from '../../support/tiny-network.ts';

/** So many that three of them may be excluded, and that a step has two shards. */
export const POOL_IMAGES = 60;
const SIZE = { height: 48, width: 64 };
const DATASET = { train: POOL_IMAGES, val: 2, ...SIZE, seed: 3 };
const DEADLINE_MS = 5_000;
const POLL_MS = 200;
/** A registry that was killed in the end is back by then. */
const READ_LIMIT_MS = 60_000;

export const TINY_CAMPAIGN: Partial<CampaignConfig> = (() => {
  const { training } = presetConfig({});
  return {
    size: SIZE,
    cycles: 3,
    initialImages: 2,
    // More than a shard's 32 images, so that two workers share a step.
    subsetImages: 36,
    budgetImages: 1,
    regionSizePx: 9,
    passes: 2,
    oracleNoise: 0.1,
    training: { ...training!, network: TINY_NETWORK, epochs: 0, steps: 8, batchSize: 2 },
  };
})();

/** One training and nothing else. */
export function longTraining(steps: number): Partial<CampaignConfig> {
  return { ...TINY_CAMPAIGN, cycles: 1, training: { ...TINY_CAMPAIGN.training!, steps } };
}

export async function startTinyCampaign(
  registry: PoolRegistryClient,
  config: Partial<CampaignConfig>,
): Promise<string> {
  const { datasetId } = await importDataset(registry, syntheticDataset());
  return createCampaign(registry, datasetId, config);
}

async function* syntheticDataset(): AsyncGenerator<ImportDatasetRequest> {
  const { displayName, classMap, images } = openSynthetic(DATASET);
  yield { part: { $case: 'description', value: { displayName, classMap } } };
  for (const { imageId, split, read } of images) {
    const pair = await read();
    const image = { source: { $case: 'inline', value: pair.image } } as const;
    const groundTruth = { source: { $case: 'inline', value: pair.groundTruth } } as const;
    const value = { imageId, split: split === 'train' ? Split.SPLIT_TRAIN : Split.SPLIT_VAL, image, groundTruth };
    yield { part: { $case: 'image', value } };
  }
}

export interface Ending {
  readonly campaign: Campaign;
  /** Promises that did not hold on the way, in sentences. */
  readonly broken: readonly string[];
}

/** Asks again and again, whatever is away. Throws where the campaign has not ended after `limitMs`. */
export async function watchToEnd(registry: PoolRegistryClient, campaignId: string, limitMs: number): Promise<Ending> {
  const end = Date.now() + limitMs;
  const broken = new Set<string>();
  let unlabelled = BigInt(POOL_IMAGES);
  for (;;) {
    const campaign = await patiently(() => ask(registry, campaignId), end);
    const pool = campaign.pool;
    if (pool) {
      const sum = pool.unlabelled + pool.inAnnotation + pool.partlyLabelled + pool.fullyLabelled + pool.excluded;
      if (sum !== BigInt(POOL_IMAGES)) broken.add(`the pool has ${sum} images, not ${POOL_IMAGES}`);
      if (pool.unlabelled > unlabelled) broken.add(`${unlabelled} images had no label, then ${pool.unlabelled}`);
      unlabelled = pool.unlabelled;
    }
    if (hasEnded(campaign)) {
      if (campaign.state !== CampaignState.CAMPAIGN_STATE_SUCCEEDED)
        broken.add(`the campaign failed: ${campaign.error}`);
      return { campaign, broken: [...broken] };
    }
    if (Date.now() > end)
      throw new Error(`no end after ${limitMs / 1_000} s, at cycle ${campaign.cycle}, step ${campaign.step}`);
    await sleep(POLL_MS);
  }
}

function hasEnded({ state }: Campaign): boolean {
  return state !== CampaignState.CAMPAIGN_STATE_RUNNING && state !== CampaignState.CAMPAIGN_STATE_PAUSED;
}

async function ask(registry: PoolRegistryClient, campaignId: string): Promise<Campaign> {
  const { campaign } = await call(registry.getCampaign.bind(registry), { campaignId }, { deadlineMs: DEADLINE_MS });
  if (!campaign) throw new Error('GetCampaign: expected a campaign in the answer, got none');
  return campaign;
}

/** An answer that says "try again" is one; any other error is a bug. */
async function patiently<T>(ask: () => Promise<T>, end: number): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const passes = error instanceof CpralError && ['UNAVAILABLE', 'DEADLINE_EXCEEDED'].includes(error.code);
      if (!passes || Date.now() > end) throw error;
      await sleep(POLL_MS);
    }
  }
}

export type TinyOutcome = Awaited<ReturnType<typeof tinyOutcome>>;

/** Selections, labels, budget, evaluations and the models' digests: equal for equal campaigns, whatever happened meanwhile. */
export function tinyOutcome(registry: PoolRegistryClient, campaignId: string) {
  return patiently(() => readOutcome(registry, campaignId), Date.now() + READ_LIMIT_MS);
}

async function readOutcome(registry: PoolRegistryClient, campaignId: string) {
  const settings = { deadlineMs: DEADLINE_MS };
  const page = { campaignId, pageSize: 1000, pageToken: '', imageIds: [] };
  const { regions } = await call(registry.listRegions.bind(registry), page, settings);
  const { labels } = await call(registry.listLabels.bind(registry), page, settings);
  const { cycles } = await call(
    registry.listCycles.bind(registry),
    { campaignId, pageSize: 0, pageToken: '' },
    settings,
  );
  const models = await Promise.all(
    cycles.map(async ({ modelId }) => {
      const { model } = await call(registry.getModel.bind(registry), { modelId }, settings);
      return model?.weights;
    }),
  );
  // Without seconds, which differ.
  return { regions, labels, models, cycles: cycles.map(({ seconds: _, ...cycle }) => cycle) };
}
