// A real gRPC server that answers from memory: what a registry would say about campaigns that ran as the script says.
import pino from 'pino';
import { type PoolRegistryServer, PoolRegistryService } from '../../../proto/gen/cpral/v1/pool_registry.ts';
import {
  type Campaign,
  type CampaignConfig,
  CampaignState,
  CampaignStep,
  type Cycle,
  type Dataset,
  type DatasetImage,
  type ImagePreview,
  type Label,
  type Model,
  type ObjectRef,
  type Region,
  Strategy,
  type WorkItem,
} from '../../../proto/gen/cpral/v1/resources.ts';
import { CpralError } from '../../../services/shared/errors.ts';
import { clientStream, serverStream, unary } from '../../../services/shared/grpc/handlers.ts';
import { grpcService, startServer } from '../../../services/shared/grpc/server.ts';
import { readBlob } from '../../../services/shared/objects/blob.ts';
import { memoryObjectStore } from '../../support/memory-object-store.ts';

export interface ScriptedCampaign {
  readonly cycles: readonly Cycle[];
  readonly regions: readonly Region[];
  /** By cycle. */
  readonly labels: ReadonlyMap<number, readonly Label[]>;
  readonly previews: ReadonlyMap<number, readonly ImagePreview[]>;
}

export interface Script {
  /** What a campaign comes to, as soon as it is watched. Undefined: it never ends. */
  play(config: CampaignConfig, images: readonly DatasetImage[]): Promise<ScriptedCampaign> | undefined;
  /** Why a campaign fails as soon as it is watched; undefined: it does not. */
  fails?(config: CampaignConfig): string | undefined;
  readonly strategies?: readonly string[];
  readonly models?: readonly Model[];
  readonly workItems?: readonly WorkItem[];
}

const log = pino({ level: 'silent' });
const CHUNK_BYTES = 64 << 10;

export async function startScriptedRegistry(script: Script) {
  const objects = memoryObjectStore();
  const datasets = new Map<string, { dataset: Dataset; images: DatasetImage[] }>();
  const campaigns = new Map<string, { campaign: Campaign; played: ScriptedCampaign | undefined }>();
  const created: CampaignConfig[] = [];
  const resumed: string[] = [];
  const redriven: string[] = [];

  const find = <T>(map: ReadonlyMap<string, T>, id: string, what: string): T => {
    const found = map.get(id);
    if (!found) throw new CpralError('NOT_FOUND', `${what} "${id}" is not known`);
    return found;
  };
  const page = <T>(items: readonly T[], { pageSize, pageToken }: { pageSize: number; pageToken: string }) => {
    const start = Number(pageToken || 0);
    // Small pages, so that every list has more than one.
    const end = start + Math.min(pageSize || 50, 7);
    return { items: items.slice(start, end), nextPageToken: end < items.length ? String(end) : '' };
  };

  const registry: PoolRegistryServer = {
    uploadObject: clientStream(log, async (requests: AsyncIterable<{ chunk: Uint8Array }>) => {
      const parts: Uint8Array[] = [];
      for await (const { chunk } of requests) parts.push(chunk);
      return { object: await objects.put(Buffer.concat(parts)) };
    }),
    downloadObject: serverStream(log, async function* ({ object }: { object: ObjectRef | undefined }) {
      const bytes = await objects.get(object!);
      for (let at = 0; at < bytes.length; at += CHUNK_BYTES)
        yield { chunk: Buffer.from(bytes.subarray(at, at + CHUNK_BYTES)) };
    }),
    importDataset: clientStream(log, async (requests) => {
      const images: DatasetImage[] = [];
      let dataset: Dataset | undefined;
      for await (const { part } of requests) {
        if (part?.$case === 'description') {
          const { displayName, classMap } = part.value;
          dataset = {
            datasetId: 'scripted',
            displayName,
            classMap,
            trainImages: 0,
            valImages: 0,
            createTime: undefined,
          };
        } else if (part?.$case === 'image') {
          const { imageId, split, image, groundTruth } = part.value;
          const store = async (blob: typeof image) => objects.put(await readBlob(objects, blob, 'image'));
          images.push({
            imageId,
            split,
            size: undefined,
            image: await store(image),
            groundTruth: await store(groundTruth),
          });
        }
      }
      dataset!.trainImages = images.filter(({ split }) => split === 1).length;
      dataset!.valImages = images.length - dataset!.trainImages;
      const existed = datasets.has('scripted');
      datasets.set('scripted', { dataset: dataset!, images });
      return { dataset, existed };
    }),
    getDataset: unary(log, async ({ datasetId }) => ({ dataset: find(datasets, datasetId, 'dataset').dataset })),
    listDatasets: unary(log, async (request) => {
      const { items, nextPageToken } = page([...datasets.values()], request);
      return { datasets: items.map(({ dataset }) => dataset), nextPageToken };
    }),
    listDatasetImages: unary(log, async (request) => {
      const { images } = find(datasets, request.datasetId, 'dataset');
      const { items, nextPageToken } = page(
        images.filter(({ split }) => request.split === 0 || split === request.split),
        request,
      );
      return { images: items, nextPageToken };
    }),
    listStrategies: unary(log, async () => ({
      strategies: (script.strategies ?? ['cpral', 'random']).map((name) =>
        Strategy.fromPartial({ name, panoptic: 1, regional: 1 }),
      ),
    })),
    createCampaign: unary(log, async ({ datasetId, config, validateOnly }) => {
      const campaignId = `${config!.strategy}-${config!.cycles}-${config!.seed}`;
      const existed = campaigns.has(campaignId);
      const campaign = campaigns.get(campaignId)?.campaign ?? campaignOf(campaignId, datasetId, config!);
      const plan = {
        regionsPerCycle: 10,
        pixelsPerCycle: 5290n,
        regionSizePx: 23,
        subsetImages: 8,
        finalFraction: 0.25,
      };
      if (!validateOnly && !existed) {
        created.push(config!);
        campaigns.set(campaignId, { campaign, played: undefined });
      }
      return { campaign, plan, existed };
    }),
    getCampaign: unary(log, async ({ campaignId }) => ({ campaign: find(campaigns, campaignId, 'campaign').campaign })),
    listCampaigns: unary(log, async (request) => {
      const { items, nextPageToken } = page([...campaigns.values()], request);
      return { campaigns: items.map(({ campaign }) => campaign), nextPageToken };
    }),
    watchCampaign: serverStream(log, async function* ({ campaignId }: { campaignId: string }, { signal }) {
      const entry = find(campaigns, campaignId, 'campaign');
      yield { campaign: entry.campaign };
      const error = script.fails?.(entry.campaign.config!);
      if (error !== undefined) {
        entry.campaign = { ...entry.campaign, state: CampaignState.CAMPAIGN_STATE_FAILED, error };
        yield { campaign: entry.campaign };
        return;
      }
      const images = find(datasets, entry.campaign.datasetId, 'dataset').images;
      const played = script.play(entry.campaign.config!, images);
      if (!played) {
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
        return;
      }
      entry.played ??= await played;
      for (const cycle of entry.played.cycles.keys()) {
        yield { campaign: { ...entry.campaign, cycle, step: CampaignStep.CAMPAIGN_STEP_TRAIN } };
      }
      const cycle = entry.played.cycles.length - 1;
      const state = CampaignState.CAMPAIGN_STATE_SUCCEEDED;
      entry.campaign = { ...entry.campaign, cycle, state, step: CampaignStep.CAMPAIGN_STEP_DONE };
      yield { campaign: entry.campaign };
    }),
    resumeCampaign: unary(log, async ({ campaignId }) => {
      const entry = find(campaigns, campaignId, 'campaign');
      resumed.push(campaignId);
      entry.campaign = { ...entry.campaign, state: CampaignState.CAMPAIGN_STATE_RUNNING, error: '' };
      return { campaign: entry.campaign };
    }),
    listPoolItems: unary(log, async () => ({ items: [], nextPageToken: '' })),
    streamPoolItems: serverStream(log, async function* () {}),
    listCycles: unary(log, async (request) => {
      const { items, nextPageToken } = page(
        find(campaigns, request.campaignId, 'campaign').played?.cycles ?? [],
        request,
      );
      return { cycles: items, nextPageToken };
    }),
    listRegions: unary(log, async (request) => {
      const { items, nextPageToken } = page(
        find(campaigns, request.campaignId, 'campaign').played?.regions ?? [],
        request,
      );
      return { regions: items, nextPageToken };
    }),
    listLabels: unary(log, async (request) => {
      const { played } = find(campaigns, request.campaignId, 'campaign');
      const newest = Math.max(...(played?.labels.keys() ?? []));
      const { items, nextPageToken } = page(played?.labels.get(request.cycle ?? newest) ?? [], request);
      return { labels: items, nextPageToken };
    }),
    listPreviews: unary(log, async (request) => {
      const { played } = find(campaigns, request.campaignId, 'campaign');
      const { items, nextPageToken } = page(played?.previews.get(request.cycle) ?? [], request);
      return { previews: items, nextPageToken };
    }),
    getModel: unary(log, async ({ modelId }) => {
      const model = script.models?.find((each) => each.modelId === modelId);
      if (!model) throw new CpralError('NOT_FOUND', `model "${modelId}" is not known`);
      return { model };
    }),
    pauseCampaign: unary(log, async () => ({ campaign: undefined })),
    listWorkItems: unary(log, async (request) => {
      const { items, nextPageToken } = page(
        (script.workItems ?? []).filter(({ campaignId }) => !request.campaignId || campaignId === request.campaignId),
        request,
      );
      return { items, nextPageToken };
    }),
    redriveWorkItems: unary(log, async ({ itemIds, campaignId }) => {
      const items = (script.workItems ?? []).filter(
        (item) => item.campaignId === campaignId || itemIds.includes(item.itemId),
      );
      redriven.push(...items.map(({ itemId }) => itemId));
      return { items };
    }),
  };

  const server = await startServer('127.0.0.1:0', [grpcService(PoolRegistryService, registry)]);
  return { address: server.address, objects, campaigns, created, resumed, redriven, close: () => server.close() };
}

function campaignOf(campaignId: string, datasetId: string, config: CampaignConfig): Campaign {
  const regional = config.strategy === 'random' ? 3 : 1;
  return {
    campaignId,
    datasetId,
    config,
    strategy: Strategy.fromPartial({
      name: config.strategy,
      panoptic: 1,
      regional,
      extension: config.strategy === 'cpral',
    }),
    state: CampaignState.CAMPAIGN_STATE_RUNNING,
    step: CampaignStep.CAMPAIGN_STEP_INITIAL_LABELS,
    cycle: 0,
    progress: undefined,
    pool: undefined,
    error: '',
    etag: '1',
    createTime: undefined,
    updateTime: undefined,
    operationId: '',
    excludedImages: [],
  };
}
