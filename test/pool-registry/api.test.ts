import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImportDatasetRequest } from '../../proto/gen/cpral/v1/pool_registry.ts';
import {
  type CampaignConfig,
  DropoutPlacement,
  EncoderConvention,
  type NetworkConfig,
  type NoiseUnit,
  Precision,
  RankingLoss,
  Split,
} from '../../proto/gen/cpral/v1/resources.ts';
import { call } from '../../services/shared/grpc/client.ts';
import { presetConfig } from '../support/campaign-config.ts';
import { startTestRegistry, type TestRegistry } from '../support/registry.ts';
import { createCampaign, importDataset, tinyDataset } from '../support/tiny-dataset.ts';

const deadlineMs = 10_000;
let test: TestRegistry;
let datasetId: string;

beforeAll(async () => {
  test = await startTestRegistry();
  ({ datasetId } = await importDataset(test.registry, tinyDataset()));
});
afterAll(() => test.close());

const listDatasets = () =>
  call(test.registry.listDatasets.bind(test.registry), { pageSize: 0, pageToken: '' }, { deadlineMs });
const create = (
  config: CampaignConfig,
  more: { campaignId?: string; requestId?: string; validateOnly?: boolean; datasetId?: string } = {},
) => {
  const request = { campaignId: '', requestId: '', validateOnly: false, datasetId, config, ...more };
  return call(test.registry.createCampaign.bind(test.registry), request, { deadlineMs });
};

/** The tiny dataset with one message changed. */
async function* changed(change: (request: ImportDatasetRequest, index: number) => ImportDatasetRequest) {
  let index = 0;
  for await (const request of tinyDataset({ train: 3, val: 1 })) yield change(request, index++);
}

function changeImage(fields: Record<string, unknown>) {
  return changed((request, index) => {
    if (index !== 2 || request.part?.$case !== 'image') return request;
    return { part: { $case: 'image', value: { ...request.part.value, ...fields } } };
  });
}

function trainingWith(change: Partial<NetworkConfig>) {
  const training = presetConfig({}).training!;
  return { ...training, network: { ...training.network!, ...change } };
}

describe('the list of strategies', () => {
  it('has those that a campaign can have', async () => {
    const { strategies } = await call(test.registry.listStrategies.bind(test.registry), {}, { deadlineMs });
    expect(strategies.map(({ name }) => name)).toEqual(expect.arrayContaining(['cpral', 'random', 'region-only']));
    for (const { name } of strategies) await create(presetConfig({ strategy: name }), { validateOnly: true });
  });
});

describe('the import of a dataset', () => {
  it('gives equal content the same id', async () => {
    const again = await importDataset(test.registry, tinyDataset());
    expect(again.datasetId).toBe(datasetId);
    expect((await listDatasets()).datasets).toHaveLength(1);
  });

  it.each([
    ['an image id that is there already', { imageId: 'image-000' }, 'image.image_id', 'image-000'],
    ['an image id with odd characters', { imageId: 'image 1\n' }, 'image.image_id', 'image 1'],
    ['an image id that leads out of a folder', { imageId: '../../etc' }, 'image.image_id', 'etc'],
    ['an image id that is a path of its own', { imageId: '/etc/passwd' }, 'image.image_id', 'etc'],
    ['an image id of too many characters', { imageId: 'a'.repeat(201) }, 'image.image_id', 'aaa'],
    ['no split', { split: Split.SPLIT_UNSPECIFIED }, 'image.split', 'image-001'],
    [
      'an image that is none',
      { image: { source: { $case: 'inline', value: Buffer.from('not an image') } } },
      undefined,
      'image-001',
    ],
    ['no image', { image: undefined }, 'image.image', 'image-001'],
    [
      'a ground truth that is not there',
      { groundTruth: { source: { $case: 'object', value: { digest: `sha256/${'0'.repeat(64)}`, sizeBytes: 1n } } } },
      undefined,
      'image-001',
    ],
    [
      'a digest that is a path',
      { image: { source: { $case: 'object', value: { digest: '../../../etc/passwd', sizeBytes: 1n } } } },
      'digest',
      'image-001',
    ],
  ])('refuses %s, naming it, and keeps nothing', async (_, fields, field, named) => {
    const refused = importDataset(test.registry, changeImage(fields));
    await expect(refused).rejects.toMatchObject({
      message: expect.stringContaining(named),
      ...(field ? { field } : {}),
    });
    expect((await listDatasets()).datasets).toHaveLength(1);
  });

  it('refuses a stream without a description', async () => {
    const refused = importDataset(
      test.registry,
      changed((request, index) => (index === 0 ? { part: undefined } : request)),
    );
    await expect(refused).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field: 'description' });
  });

  it('refuses a dataset with nothing to validate on', async () => {
    await expect(importDataset(test.registry, tinyDataset({ train: 2, val: 0 }))).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      field: 'image',
    });
  });
});

describe('the creation of a campaign', () => {
  it('with validate_only gives the plan and changes nothing', async () => {
    const { campaign, plan } = await create(presetConfig({ budgetImages: 1, regionSizePx: 5 }), {
      validateOnly: true,
      campaignId: 'only-a-plan',
    });
    expect(campaign).toBeUndefined();
    expect(plan).toMatchObject({ regionsPerCycle: 9, pixelsPerCycle: 225n, regionSizePx: 5, subsetImages: 4 });
    const absent = call(test.registry.getCampaign.bind(test.registry), { campaignId: 'only-a-plan' }, { deadlineMs });
    await expect(absent).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('plans whole images as such: no region size, and no subset beside them', async () => {
    const { plan } = await create(presetConfig({ strategy: 'core-set', budgetImages: 2 }), { validateOnly: true });
    expect(plan).toMatchObject({ regionsPerCycle: 2, pixelsPerCycle: 432n, regionSizePx: 0, subsetImages: 2 });
  });

  it('with an equal configuration gives the campaign that is there', async () => {
    const config = presetConfig({ seed: 7 });
    const first = await create(config);
    const second = await create(config);
    expect(first.existed).toBe(false);
    expect(second.existed).toBe(true);
    expect(second.campaign?.campaignId).toBe(first.campaign?.campaignId);
  });

  it('with the id of another configuration is refused', async () => {
    await create(presetConfig({ seed: 8 }), { campaignId: 'mine' });
    await expect(create(presetConfig({ seed: 9 }), { campaignId: 'mine' })).rejects.toMatchObject({
      code: 'ALREADY_EXISTS',
    });
  });

  it('without a precision and a placement of dropout is the one in float32 with dropout in the encoder', async () => {
    const { PRECISION_UNSPECIFIED, PRECISION_FLOAT32 } = Precision;
    const { DROPOUT_PLACEMENT_UNSPECIFIED, DROPOUT_PLACEMENT_ENCODER } = DropoutPlacement;
    const networks = [
      { precision: PRECISION_UNSPECIFIED, dropoutPlacement: DROPOUT_PLACEMENT_UNSPECIFIED },
      { precision: PRECISION_FLOAT32, dropoutPlacement: DROPOUT_PLACEMENT_ENCODER },
    ].map(async (network) => {
      const { campaign } = await create(presetConfig({ seed: 12, training: trainingWith(network) }));
      return campaign?.campaignId;
    });
    expect(await networks[0]).toBe(await networks[1]);
  });

  it('on a DRN-D without a convention is the one by that of PyTorch', async () => {
    const { ENCODER_CONVENTION_UNSPECIFIED, ENCODER_CONVENTION_PYTORCH } = EncoderConvention;
    const ids = [ENCODER_CONVENTION_UNSPECIFIED, ENCODER_CONVENTION_PYTORCH].map(async (encoderConvention) => {
      const training = trainingWith({ encoder: 'drn-d-22', encoderConvention });
      return (await create(presetConfig({ seed: 13, training }))).campaign?.campaignId;
    });
    expect(await ids[0]).toBe(await ids[1]);
  });

  it('writes the hinge as the ranking that it is without one, and refuses a ranking that there is not', async () => {
    const { training } = presetConfig({});
    const createWith = (ranking: RankingLoss | undefined) =>
      create(
        presetConfig({
          seed: 13,
          training: { ...training!, lossPrediction: { ...training!.lossPrediction!, ranking } },
        }),
      );
    const ids = new Set<string | undefined>();
    for (const ranking of [undefined, RankingLoss.RANKING_LOSS_UNSPECIFIED, RankingLoss.RANKING_LOSS_HINGE]) {
      ids.add((await createWith(ranking)).campaign?.campaignId);
    }
    expect(ids.size).toBe(1);
    const other = await createWith(RankingLoss.RANKING_LOSS_CROSS_ENTROPY);
    expect(ids).not.toContain(other.campaign?.campaignId);
    await expect(createWith(7 as RankingLoss)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      field: 'config.training.loss_prediction.ranking',
    });
  });

  it('answers a repeated request_id as before, and refuses it for another request', async () => {
    const config = presetConfig({ seed: 10 });
    const first = await create(config, { requestId: 'request-1' });
    const second = await create(config, { requestId: 'request-1' });
    expect(second.campaign?.campaignId).toBe(first.campaign?.campaignId);
    expect(second.existed).toBe(first.existed);
    await expect(create(presetConfig({ seed: 11 }), { requestId: 'request-1' })).rejects.toMatchObject({
      reason: 'REQUEST_ID_REUSED',
    });
  });

  it.each<[string, Partial<CampaignConfig>, string]>([
    [
      'a network without channels',
      { training: trainingWith({ asppChannels: 0 }) },
      'config.training.network.aspp_channels',
    ],
    [
      'an unknown precision',
      { training: trainingWith({ precision: 7 as never }) },
      'config.training.network.precision',
    ],
    [
      'an unknown placement of dropout',
      { training: trainingWith({ dropoutPlacement: 7 as never }) },
      'config.training.network.dropout_placement',
    ],
    [
      'an encoder that there is none of',
      { training: trainingWith({ encoder: 'drn-d-105' }) },
      'config.training.network.encoder',
    ],
    [
      'a width that leaves an encoder parts of channels',
      { training: trainingWith({ encoder: 'drn-d-22', widthMultiplier: 0.3 }) },
      'config.training.network.width_multiplier',
    ],
    ['an unknown strategy', { strategy: 'magic' }, 'config.strategy'],
    ['a budget larger than the pool', { budgetImages: 50 }, 'budget_images'],
    ['more initial images than the pool has', { initialImages: 11 }, 'initial_images'],
    ['a region larger than the image', { regionSizePx: 13 }, 'region_size_px'],
    ['an even region', { regionSizePx: 4 }, 'region_size_px'],
    ['no cycles', { cycles: 0 }, 'cycles'],
    ['no passes', { passes: 0 }, 'config.passes'],
    ['a noise unit that there is none of', { noiseUnit: 9 as NoiseUnit }, 'config.noise_unit'],
    ['a negative spacing', { regionSpacingPx: -1 }, 'config.region_spacing_px'],
    [
      'more single pixels than anybody can be asked about',
      { regionSizePx: 1, budgetImages: 2, subsetImages: 4, size: { height: 1024, width: 2048 } },
      'config.budget_images',
    ],
    ['an unknown part of a strategy', { strategy: 'entropy+magic' }, 'config.strategy'],
    ['noise above one', { oracleNoise: 1.5 }, 'config.oracle_noise'],
    ['noise that is no number', { oracleNoise: Number.NaN }, 'config.oracle_noise'],
    ['a size beyond the limit', { size: { height: 100_000, width: 18 } }, 'config.size.height'],
    ['no size', { size: undefined }, 'config.size.height'],
  ])('refuses %s and names the field', async (_, config, field) => {
    await expect(create(presetConfig(config))).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      field: expect.stringContaining(field),
    });
  });

  it('refuses a dataset that does not exist', async () => {
    await expect(create(presetConfig({}), { datasetId: 'nothing' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      field: 'dataset_id',
    });
  });
});

describe('changes of a campaign', () => {
  it('are refused with an old etag', async () => {
    const campaignId = await createCampaign(test.registry, datasetId, { seed: 20 });
    const pause = (etag: string) =>
      call(test.registry.pauseCampaign.bind(test.registry), { campaignId, etag, requestId: '' }, { deadlineMs });
    const { campaign } = await call(test.registry.getCampaign.bind(test.registry), { campaignId }, { deadlineMs });
    await pause(campaign?.etag ?? '');
    await expect(pause(campaign?.etag ?? '')).rejects.toMatchObject({ code: 'ABORTED', reason: 'ETAG_MISMATCH' });
  });

  it('of two clients at once, with the same etag, are done by one of them', async () => {
    const campaignId = await createCampaign(test.registry, datasetId, { seed: 21 });
    const { campaign } = await call(test.registry.getCampaign.bind(test.registry), { campaignId }, { deadlineMs });
    const pause = () => {
      const request = { campaignId, etag: campaign?.etag ?? '', requestId: '' };
      return call(test.registry.pauseCampaign.bind(test.registry), request, { deadlineMs });
    };
    const tried = await Promise.allSettled([pause(), pause(), pause()]);
    expect(tried.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of tried) {
      if (result.status === 'rejected')
        expect(result.reason).toMatchObject({ code: 'ABORTED', reason: 'ETAG_MISMATCH' });
    }
  });

  it('that arrive twice at once with one request_id are done once', async () => {
    const campaignId = await createCampaign(test.registry, datasetId, { seed: 22 });
    const { campaign } = await call(test.registry.getCampaign.bind(test.registry), { campaignId }, { deadlineMs });
    const pause = () => {
      const request = { campaignId, etag: campaign?.etag ?? '', requestId: 'pause-once' };
      return call(test.registry.pauseCampaign.bind(test.registry), request, { deadlineMs });
    };
    const [first, second] = await Promise.all([pause(), pause()]);
    expect(second).toEqual(first);
    expect(first.campaign?.etag).toBe(`${Number(campaign?.etag) + 1}`);
  });
});

describe('pages', () => {
  it('of one row each give every row once, in order', async () => {
    const seen: string[] = [];
    let pageToken = '';
    do {
      const page = await call(
        test.registry.listDatasetImages.bind(test.registry),
        { datasetId, split: Split.SPLIT_UNSPECIFIED, pageSize: 1, pageToken, imageIds: [] },
        { deadlineMs },
      );
      seen.push(...page.images.map((image) => image.imageId));
      pageToken = page.nextPageToken;
    } while (pageToken);
    expect(seen).toHaveLength(12);
    expect(seen).toEqual(seen.toSorted());
  });

  it('refuse a token that is not theirs', async () => {
    const refused = call(
      test.registry.listDatasets.bind(test.registry),
      { pageSize: 0, pageToken: 'nonsense' },
      { deadlineMs },
    );
    await expect(refused).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field: 'page_token' });
  });
});

describe('objects', () => {
  it('come back as they were sent', async () => {
    const bytes = Buffer.alloc(3 << 20, 'cpral');
    const object = await new Promise((resolve, reject) => {
      const stream = test.registry.uploadObject((error, response) =>
        error ? reject(error) : resolve(response.object),
      );
      for (let start = 0; start < bytes.length; start += 1 << 20)
        stream.write({ chunk: bytes.subarray(start, start + (1 << 20)) });
      stream.end();
    });
    const chunks: Uint8Array[] = [];
    for await (const { chunk } of test.registry.downloadObject({ object: object as never })) chunks.push(chunk);
    expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
  });
});
