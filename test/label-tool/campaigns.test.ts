import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Campaign, Cycle, Region } from '../../proto/gen/cpral/v1/resources.ts';
import type {
  CampaignDetail,
  CampaignList,
  CampaignSummary,
  Comparison,
  ModelList,
  SelectionPage,
} from '../../services/label-tool/dashboard-types.ts';
import { call } from '../../services/shared/grpc/client.ts';
import { decodeImage, decodeMask } from '../../services/shared/images/images.ts';
import { NO_CLASS, ORIGIN_EXTENDED } from '../../services/shared/labels/origins.ts';
import { startTestRegistry, type TestRegistry } from '../support/registry.ts';
import { createCampaign, importDataset, TINY, tinyDataset, untilEnded } from '../support/tiny-dataset.ts';
import { startTestLabelTool, type TestLabelTool } from './support/label-tool.ts';
import { readEvents } from './support/read-events.ts';

const deadlineMs = 10_000;
const page = { pageSize: 1_000, pageToken: '' };
let registry: TestRegistry;
let tool: TestLabelTool;
let datasetId: string;
let campaign: Campaign;
let cycles: Cycle[];
let regions: Region[];

beforeAll(async () => {
  registry = await startTestRegistry();
  tool = await startTestLabelTool(registry.address);
  ({ datasetId } = await importDataset(registry.registry, tinyDataset()));
  registry.startWorkers();
  const campaignId = await createCampaign(registry.registry, datasetId, {});
  campaign = await untilEnded(registry.registry, campaignId);
  const { registry: pool } = registry;
  ({ cycles } = await call(pool.listCycles.bind(pool), { campaignId, ...page }, { deadlineMs }));
  ({ regions } = await call(pool.listRegions.bind(pool), { campaignId, cycle: undefined, ...page }, { deadlineMs }));
});
afterAll(async () => {
  await tool.close();
  await registry.close();
});

describe('the list of campaigns', () => {
  it('says what the registry says', async () => {
    const { campaigns } = await tool.get<CampaignList>('/campaigns');
    expect(campaigns.map(({ campaignId }) => campaignId)).toContain(campaign.campaignId);
    expect(campaigns.find(({ campaignId }) => campaignId === campaign.campaignId)).toMatchObject({
      etag: `"${campaign.etag}"`,
      datasetId,
      datasetName: 'Tiny',
      strategy: 'cpral',
      state: 'succeeded',
      step: 'done',
      cycles: 3,
      mious: cycles.map(({ evaluation }) => evaluation?.miou),
      labelledFraction: cycles.at(-1)?.labelled?.fraction,
      secondsLeft: null,
      error: '',
      actions: { pause: false, resume: false, cancel: false },
    });
  });

  it('refuses a page token that it did not make', async () => {
    expect(await tool.refusal('/campaigns?pageToken=nonsense')).toMatchObject({ status: 400, field: 'page_token' });
  });
});

describe('a campaign', () => {
  it('has the numbers of the registry in each cycle', async () => {
    const response = await tool.ask(`/campaigns/${campaign.campaignId}`);
    expect(response.headers.get('etag')).toBe(`"${campaign.etag}"`);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const detail = (await response.json()) as CampaignDetail;
    expect(detail.classes.map(({ name }) => name)).toEqual(['road', 'sky', 'car']);
    expect(detail.settings).toMatchObject({
      size: TINY,
      initialImages: 2,
      regionSizePx: 5,
      extends: true,
      annotation: null,
    });
    expect(detail.cycleList).toHaveLength(cycles.length);
    for (const [at, { labelled, evaluation, seconds, quality, modelId }] of cycles.entries()) {
      expect(detail.cycleList[at]).toMatchObject({
        cycle: at,
        modelId,
        labelled: {
          pixels: Number(labelled?.pixels),
          regions: Number(labelled?.regions),
          fraction: labelled?.fraction,
        },
        evaluation: { miou: evaluation?.miou, iou: evaluation?.iou },
        seconds: { train: seconds?.train, rate: seconds?.rate },
        picks: quality
          ? { pickedPixels: Number(quality.pickedPixels), classPixels: quality.classPixels.map(Number) }
          : null,
      });
    }
  });

  it.each(['', '/events', '/comparison', '/cycles/0/selection'])(
    'that is not there is a problem: %s',
    async (route) => {
      expect(await tool.refusal(`/campaigns/nobody${route}`)).toMatchObject({ status: 404, field: 'campaign_id' });
    },
  );

  it('that has ended is told whole, and then its stream ends', async () => {
    const events = [];
    for await (const event of readEvents(await tool.ask(`/campaigns/${campaign.campaignId}/events`)))
      events.push(event);
    expect(events.map(({ event }) => event)).toEqual(['cycle', 'cycle', 'cycle', 'campaign', 'end']);
    expect((events[3]!.data as CampaignSummary).state).toBe('succeeded');
  });
});

describe('a selection', () => {
  it('has the regions of the registry by image and rank, with pictures at the campaign’s size', async () => {
    const { images, nextPageToken } = await tool.get<SelectionPage>(
      `/campaigns/${campaign.campaignId}/cycles/0/selection`,
    );
    expect(nextPageToken).toBe('');
    const found = images.flatMap(({ imageId, regions }) => regions.map((region) => ({ imageId, ...region })));
    const expected = regions.filter(({ cycle }) => cycle === 0).map(({ cycle: _, ...region }) => region);
    expect(found.sort((a, b) => a.rank - b.rank)).toEqual(expected);
    expect(images.map(({ regions }) => regions[0]!.rank)).toEqual(
      images.map(({ regions }) => regions[0]!.rank).sort((a, b) => a - b),
    );
    const picture = await fetch(new URL(images[0]!.pictures.image, tool.url));
    expect(picture.headers.get('content-type')).toBe('image/png');
    expect(await decodeImage(await bytesOf(picture))).toMatchObject(TINY);
  });

  it('shows what somebody gave without what the extension added', async () => {
    const { images } = await tool.get<SelectionPage>(`/campaigns/${campaign.campaignId}/cycles/0/selection`);
    const { registry: pool } = registry;
    const request = {
      campaignId: campaign.campaignId,
      cycle: 0,
      imageIds: images.map(({ imageId }) => imageId),
      ...page,
    };
    const { labels } = await call(pool.listLabels.bind(pool), request, { deadlineMs });
    for (const { imageId, pictures } of images) {
      const { masks } = labels.find((label) => label.imageId === imageId)!;
      const classes = (await decodeMask(await registry.objects.get(masks!.classes!))).data;
      const origins = (await decodeMask(await registry.objects.get(masks!.origins!))).data;
      const given = await decodeMask(await bytesOf(await fetch(new URL(pictures.labelGiven!, tool.url))));
      expect([...given.data]).toEqual([...classes].map((id, at) => (origins[at] === ORIGIN_EXTENDED ? NO_CLASS : id)));
      const extended = await decodeMask(await bytesOf(await fetch(new URL(pictures.labelExtended!, tool.url))));
      expect([...extended.data]).toEqual([...classes]);
    }
  });

  it('is empty in the last cycle', async () => {
    const last = cycles.length - 1;
    expect(await tool.get(`/campaigns/${campaign.campaignId}/cycles/${last}/selection`)).toEqual({
      images: [],
      nextPageToken: '',
    });
  });

  it.each([
    ['/cycles/minus/selection', 'cycle'],
    ['/cycles/-1/selection', 'cycle'],
    ['/cycles/0/selection?pageToken=x', 'pageToken'],
  ])('refuses %s', async (route, field) => {
    expect(await tool.refusal(`/campaigns/${campaign.campaignId}${route}`)).toMatchObject({ status: 400, field });
  });
});

describe('a comparison', () => {
  it('finds the training on all labels and the campaign that differs in its strategy alone', async () => {
    const full = await createCampaign(registry.registry, datasetId, {
      strategy: 'random',
      cycles: 1,
      initialImages: 10,
      budgetImages: 0,
      subsetImages: 0,
      regionSizePx: 0,
    });
    const control = await createCampaign(registry.registry, datasetId, { strategy: 'random-r' });
    const other = await createCampaign(registry.registry, datasetId, { strategy: 'random', seed: 7 });
    for (const id of [full, control, other]) await untilEnded(registry.registry, id);
    const { registry: pool } = registry;
    const [only] = (await call(pool.listCycles.bind(pool), { campaignId: full, ...page }, { deadlineMs })).cycles;
    const comparison = await tool.get<Comparison>(`/campaigns/${campaign.campaignId}/comparison`);
    expect(comparison.full).toEqual([{ campaignId: full, miou: only?.evaluation?.miou, seed: 1, matches: true }]);
    expect(comparison.others.map(({ campaignId, matches }) => [campaignId, matches])).toEqual([
      [control, true],
      [other, false],
    ]);
    expect(comparison.others[0]?.points).toHaveLength(3);
  });
});

describe('models', () => {
  it('are listed by cycle, and their weights are downloaded as they are stored', async () => {
    const { models } = await tool.get<ModelList>(`/models?campaignId=${campaign.campaignId}`);
    expect(models.map(({ modelId, miou }) => [modelId, miou])).toEqual(
      cycles.map(({ modelId, evaluation }) => [modelId, evaluation?.miou]),
    );
    const response = await fetch(new URL(models[0]!.download, tool.url));
    expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="[\w.-]+\.safetensors"$/);
    const bytes = await bytesOf(response);
    expect(bytes.length).toBe(models[0]!.sizeBytes);
    expect(Buffer.from(bytes).toString()).toMatch(/^weights of /);
  });

  it('that are not there are a problem', async () => {
    expect(await tool.refusal('/models/nothing/weights')).toMatchObject({ status: 404, field: 'model_id' });
    expect(await tool.refusal('/models')).toMatchObject({ status: 400, field: 'campaignId' });
  });
});

async function bytesOf(response: Response): Promise<Uint8Array> {
  expect(response.status).toBe(200);
  return new Uint8Array(await response.arrayBuffer());
}
