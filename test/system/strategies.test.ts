// Every strategy from end to end over the embedded services, with a network that is small enough for seconds.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { credentials } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PoolRegistryClient } from '../../proto/gen/cpral/v1/pool_registry.ts';
import {
  type CampaignConfig,
  CampaignState,
  DropoutPlacement,
  ExtensionFeatures,
  NoiseUnit,
  Precision,
} from '../../proto/gen/cpral/v1/resources.ts';
import { type Embedded, startEmbedded } from '../../services/cli/serve.ts';
import { STRATEGIES } from '../../services/pool-registry/campaign/strategies.ts';
import { call } from '../../services/shared/grpc/client.ts';
import { presetConfig } from '../support/campaign-config.ts';
import { importDataset, runCampaign, tinyDataset } from '../support/tiny-dataset.ts';

const SIZE = { height: 48, width: 64 };
const SIDE = 9;
const POOL = 10;
const deadlineMs = 10_000;

let home: string;
let services: Embedded;
let registry: PoolRegistryClient;
let datasetId: string;

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'cpral-strategies-'));
  services = await startEmbedded({ home });
  registry = new PoolRegistryClient(services.address, credentials.createInsecure());
  ({ datasetId } = await importDataset(registry, tinyDataset({ train: POOL })));
});
afterAll(async () => {
  registry.close();
  await services.close();
  await rm(home, { recursive: true });
});

/** A second acquisition meets partly labelled images; one is enough for those that never leave any. */
const cyclesOf = (strategy: string) => (/^(cpral|ta-vaal|(core-set|vaal)\+.*)$/.test(strategy) ? 3 : 2);

function tinyConfig(strategy: string): CampaignConfig {
  const { training, ...config } = presetConfig({ strategy });
  const network = {
    ...training!.network!,
    widthMultiplier: 0.25,
    asppChannels: 8,
    decoderChannels: 8,
    precision: Precision.PRECISION_FLOAT32,
    dropoutPlacement: DropoutPlacement.DROPOUT_PLACEMENT_ENCODER,
  };
  const campaign = {
    cycles: cyclesOf(strategy),
    initialImages: 2,
    subsetImages: 4,
    budgetImages: 2,
    regionSizePx: SIDE,
    size: SIZE,
  };
  return { ...config, ...campaign, training: { ...training!, network } };
}

async function resultsOf(campaignId: string) {
  const page = { campaignId, pageSize: 1000, pageToken: '' };
  const { cycles } = await call(
    registry.listCycles.bind(registry),
    { campaignId, pageSize: 0, pageToken: '' },
    { deadlineMs },
  );
  const { regions } = await call(registry.listRegions.bind(registry), page, { deadlineMs });
  return { cycles, regions };
}

const byParts = [
  'core-set+gaussian+extension',
  'vaal+gaussian',
  'mc-dropout+random',
  'margin+window-sum',
  'all+gaussian:rarity:void-discount+self-training',
];

describe('a campaign by', () => {
  it.each([...STRATEGIES.map(({ name }) => name), ...byParts])(
    '%s trains, selects within its budget, and ends',
    async (strategy) => {
      const campaign = await runCampaign(registry, datasetId, tinyConfig(strategy));
      expect(campaign.error).toBe('');
      expect(campaign.state).toBe(CampaignState.CAMPAIGN_STATE_SUCCEEDED);

      const { cycles, regions } = await resultsOf(campaign.campaignId);
      expect(cycles.map(({ evaluation }) => evaluation!.miou > 0)).toEqual(cycles.map(() => true));
      expect(cycles).toHaveLength(cyclesOf(strategy));
      const imagePixels = SIZE.height * SIZE.width;
      const wholeImages = regions.every(({ height }) => height === SIZE.height);
      const perCycle = wholeImages ? 2 * imagePixels : Math.round((2 * imagePixels) / SIDE ** 2) * SIDE ** 2;
      const pixels = cycles.map(({ labelled }) => Number(labelled!.pixels));
      expect(pixels[0]).toBe(2 * imagePixels);
      for (let cycle = 1; cycle < pixels.length; cycle++) {
        const paid = pixels[cycle]! - pixels[cycle - 1]!;
        expect(paid).toBeLessThanOrEqual(perCycle);
        // What is left over is less than another region.
        expect(paid).toBeGreaterThan(perCycle - SIDE ** 2);
      }
      for (const { quality } of cycles.slice(0, -1)) {
        const classed = quality!.classPixels.reduce((sum, count) => sum + count, 0n);
        expect(quality!.wrongPixels).toBeGreaterThan(0n);
        expect(quality!.wrongPixels).toBeLessThanOrEqual(classed);
      }
      for (const { cycle, imageId } of regions) expect(cycles[cycle]!.subsetImageIds).toContain(imageId);
    },
  );

  it('single pixels, apart from each other, with the encoder’s features extended and an annotator who errs', async () => {
    const config = tinyConfig('cpral');
    const { campaignId, error } = await runCampaign(registry, datasetId, {
      ...config,
      cycles: 2,
      budgetImages: 40 / (SIZE.height * SIZE.width),
      subsetImages: 4,
      regionSizePx: 1,
      regionSpacingPx: 5,
      oracleNoise: 0.6,
      noiseUnit: NoiseUnit.NOISE_UNIT_PIXEL,
      extension: {
        ...config.extension!,
        maxDistancePx: 0,
        minConfidence: 0,
        features: ExtensionFeatures.EXTENSION_FEATURES_ENCODER,
      },
    });
    expect(error).toBe('');
    const { cycles, regions } = await resultsOf(campaignId);
    expect(regions).toHaveLength(40);
    for (const [i, a] of regions.entries()) {
      for (const b of regions.slice(0, i).filter(({ imageId }) => imageId === a.imageId)) {
        expect(Math.max(Math.abs(a.top - b.top), Math.abs(a.left - b.left))).toBeGreaterThan(5);
      }
    }
    expect(cycles[0]?.quality?.pickedPixels).toBe(40n);
    const touched = BigInt(new Set(regions.map(({ imageId }) => imageId)).size * SIZE.height * SIZE.width);
    expect(cycles[1]?.labelled?.extendedPixels).toBeGreaterThan(touched / 2n);
  });

  it.each([
    ['float32', Precision.PRECISION_FLOAT32, 'cpral'],
    ['bfloat16', Precision.PRECISION_BFLOAT16, 'core-set+gaussian+extension'],
  ])('a DRN-D in %s, with its features extended', async (_, precision, strategy) => {
    const { training, extension, ...config } = tinyConfig(strategy);
    const network = { ...training!.network!, encoder: 'drn-d-22', widthMultiplier: 0.125, precision };
    const { campaignId, error } = await runCampaign(registry, datasetId, {
      ...config,
      cycles: 2,
      training: { ...training!, network },
      extension: { ...extension!, minConfidence: 0, features: ExtensionFeatures.EXTENSION_FEATURES_ENCODER },
    });
    expect(error).toBe('');
    const { cycles, regions } = await resultsOf(campaignId);
    expect(cycles.map(({ evaluation }) => evaluation!.miou > 0)).toEqual([true, true]);
    expect(regions.length).toBeGreaterThan(0);
    expect(cycles[1]?.labelled?.extendedPixels).toBeGreaterThan(0n);
    const model = await call(registry.getModel.bind(registry), { modelId: cycles[1]!.modelId }, { deadlineMs });
    expect(model.model?.network).toMatchObject({ encoder: 'drn-d-22', widthMultiplier: 0.125, precision });
  });

  it('two names of the same parts selects the same', async () => {
    const picks = async (strategy: string) => {
      const { campaignId } = await runCampaign(registry, datasetId, tinyConfig(strategy));
      const { regions } = await resultsOf(campaignId);
      return regions.map(({ regionId: _, ...region }) => region);
    };
    expect(await picks('margin+gaussian+extension')).toEqual(await picks('margin-r'));
  });
});
