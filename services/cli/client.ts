// The command line's side of the contract: promises, pages and streams over the generated clients, with a deadline on every call.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type CallOptions, type ClientReadableStream, Metadata } from '@grpc/grpc-js';
import {
  type CreateCampaignRequest,
  type CreateCampaignResponse,
  type ImportDatasetRequest,
  type ImportDatasetResponse,
  type ListWorkItemsRequest,
  PoolRegistryClient,
} from '../../proto/gen/cpral/v1/pool_registry.ts';
import {
  type Campaign,
  CampaignState,
  type Cycle,
  type Dataset,
  type DatasetImage,
  type ImagePreview,
  type Label,
  type Model,
  type ObjectRef,
  type Region,
  type Split,
  type Strategy,
  type WorkItem,
} from '../../proto/gen/cpral/v1/resources.ts';
import { CpralError, type StatusName } from '../shared/errors.ts';
import type { TlsFiles } from '../shared/grpc/certificate-files.ts';
import { call, clientOptions, messages } from '../shared/grpc/client.ts';
import { clientStream } from '../shared/grpc/client-stream.ts';
import { channelCredentials } from '../shared/grpc/credentials.ts';
import type { Bearer } from '../shared/grpc/send-token.ts';
import { digestOf, verify } from '../shared/objects/object-store.ts';

const UNARY_DEADLINE_MS = 60_000;
const TRANSFER_DEADLINE_MS = 10 * 60_000;
const IMPORT_DEADLINE_MS = 4 * 3_600_000;
/** A watch is opened anew after this long, so that no stream outlives its server unseen. */
const WATCH_DEADLINE_MS = 10 * 60_000;
const WATCH_RETRIES = 30;
const WATCH_RETRY_MS = 1_000;
/** How a watch ends that nobody ended: a server, or a proxy before it, that goes may reset it. */
const LOST: readonly StatusName[] = ['DEADLINE_EXCEEDED', 'UNAVAILABLE', 'CANCELLED'];
const PAGE_SIZE = 500;
/** The protocol's limit for a chunk of an upload. */
const CHUNK_BYTES = 1 << 20;

const ENDED: readonly CampaignState[] = [
  CampaignState.CAMPAIGN_STATE_SUCCEEDED,
  CampaignState.CAMPAIGN_STATE_FAILED,
  CampaignState.CAMPAIGN_STATE_CANCELLED,
];

export interface RegistryClient {
  readonly address: string;
  uploadObject(bytes: Uint8Array): Promise<ObjectRef>;
  /** The object's bytes, checked against its digest. Throws DATA_LOSS where they differ. */
  downloadObject(object: ObjectRef): Promise<Uint8Array>;
  /** Sends messages as fast as the registry takes them. */
  importDataset(parts: AsyncIterable<ImportDatasetRequest>): Promise<ImportDatasetResponse>;
  getDataset(datasetId: string): Promise<Dataset>;
  datasets(): AsyncIterable<Dataset>;
  datasetImages(datasetId: string, split: Split): AsyncIterable<DatasetImage>;
  createCampaign(
    request: Pick<CreateCampaignRequest, 'datasetId' | 'config' | 'validateOnly'>,
  ): Promise<CreateCampaignResponse>;
  strategies(): Promise<Strategy[]>;
  getCampaign(campaignId: string): Promise<Campaign>;
  campaigns(): AsyncIterable<Campaign>;
  resumeCampaign(campaignId: string): Promise<Campaign>;
  /** The campaign now and after every change, up to the state in which it ends; lost connections are made again. */
  watchCampaign(campaignId: string): AsyncIterable<Campaign>;
  cycles(campaignId: string): Promise<Cycle[]>;
  regions(campaignId: string): AsyncIterable<Region>;
  /** @param cycle labels as they were at its end; undefined: as they are */
  labels(campaignId: string, cycle?: number): AsyncIterable<Label>;
  previews(campaignId: string, cycle: number): Promise<ImagePreview[]>;
  getModel(modelId: string): Promise<Model>;
  workItems(which: Pick<ListWorkItemsRequest, 'campaignId' | 'states'>): AsyncIterable<WorkItem>;
  redriveWork(which: { readonly itemIds: readonly string[]; readonly campaignId: string }): Promise<WorkItem[]>;
  close(): void;
}

/** Reads pages to their end, where the whole is known to be small. */
export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

export function hasEnded(campaign: Campaign): boolean {
  return ENDED.includes(campaign.state);
}

/**
 * @param signal aborting it ends every call
 * @param shown how it connects and who it is; by default in plaintext and nobody
 */
export function createClient(
  address: string,
  signal: AbortSignal,
  { tls, bearer }: { readonly tls?: TlsFiles | undefined; readonly bearer?: Bearer | undefined } = {},
): RegistryClient {
  const secured = channelCredentials(tls && { files: tls });
  const registry = new PoolRegistryClient(
    address,
    secured,
    clientOptions({}, () => bearer),
  );
  const settings = { deadlineMs: UNARY_DEADLINE_MS, signal };
  const deadline = (ms: number) => ({ deadline: Date.now() + ms });

  /** A stream that ends when the caller does, whether or not its first message came. */
  async function* streamed<Res>(open: (options: Partial<CallOptions>) => ClientReadableStream<Res>, ms: number) {
    signal.throwIfAborted();
    const stream = open(deadline(ms));
    const cancel = () => stream.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    try {
      yield* messages(stream);
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  return {
    address,
    async uploadObject(bytes) {
      const ref = await clientStream<{ chunk: Uint8Array }, { object: ObjectRef | undefined }>(
        (done) => registry.uploadObject(new Metadata(), deadline(TRANSFER_DEADLINE_MS), done),
        chunks(bytes),
        signal,
      );
      const object = required(ref.object, 'UploadObject');
      if (object.digest !== digestOf(bytes)) {
        throw new CpralError('DATA_LOSS', `upload: expected ${digestOf(bytes)} back, got ${object.digest}`);
      }
      return object;
    },
    async downloadObject(object) {
      const parts: Uint8Array[] = [];
      const open = (options: Partial<CallOptions>) => registry.downloadObject({ object }, new Metadata(), options);
      for await (const { chunk } of streamed(open, TRANSFER_DEADLINE_MS)) parts.push(chunk);
      return verify(object, Buffer.concat(parts));
    },
    importDataset: (parts) =>
      clientStream((done) => registry.importDataset(new Metadata(), deadline(IMPORT_DEADLINE_MS), done), parts, signal),
    getDataset: async (datasetId) =>
      required((await call(registry.getDataset.bind(registry), { datasetId }, settings)).dataset, 'GetDataset'),
    datasets: () =>
      pages(async (page) => {
        const { datasets, nextPageToken } = await call(registry.listDatasets.bind(registry), page, settings);
        return { items: datasets, nextPageToken };
      }),
    datasetImages: (datasetId, split) =>
      pages(async (page) => {
        const request = { datasetId, split, imageIds: [], ...page };
        const { images, nextPageToken } = await call(registry.listDatasetImages.bind(registry), request, settings);
        return { items: images, nextPageToken };
      }),
    strategies: async () => (await call(registry.listStrategies.bind(registry), {}, settings)).strategies,
    createCampaign: (request) =>
      call(registry.createCampaign.bind(registry), { campaignId: '', requestId: randomUUID(), ...request }, settings),
    getCampaign: async (campaignId) =>
      required((await call(registry.getCampaign.bind(registry), { campaignId }, settings)).campaign, 'GetCampaign'),
    campaigns: () =>
      pages(async (page) => {
        const { campaigns, nextPageToken } = await call(registry.listCampaigns.bind(registry), page, settings);
        return { items: campaigns, nextPageToken };
      }),
    async resumeCampaign(campaignId) {
      const request = { campaignId, etag: '', requestId: randomUUID() };
      return required(
        (await call(registry.resumeCampaign.bind(registry), request, settings)).campaign,
        'ResumeCampaign',
      );
    },
    async *watchCampaign(campaignId) {
      for (let lost = 0; ; ) {
        const open = (options: Partial<CallOptions>) => registry.watchCampaign({ campaignId }, new Metadata(), options);
        try {
          for await (const { campaign } of streamed(open, WATCH_DEADLINE_MS)) {
            lost = 0;
            yield required(campaign, 'WatchCampaign');
            if (hasEnded(campaign!)) return;
          }
        } catch (error) {
          if (!(error instanceof CpralError) || signal.aborted) throw error;
          if (!LOST.includes(error.code)) throw error;
          if (error.code !== 'DEADLINE_EXCEEDED' && ++lost > WATCH_RETRIES) throw error;
        }
        await sleep(WATCH_RETRY_MS, undefined, { signal });
      }
    },
    cycles: (campaignId) =>
      all(
        pages(async (page) => {
          const request = { campaignId, ...page };
          const { cycles, nextPageToken } = await call(registry.listCycles.bind(registry), request, settings);
          return { items: cycles, nextPageToken };
        }),
      ),
    regions: (campaignId) =>
      pages(async (page) => {
        const { regions, nextPageToken } = await call(
          registry.listRegions.bind(registry),
          { campaignId, ...page },
          settings,
        );
        return { items: regions, nextPageToken };
      }),
    labels: (campaignId, cycle) =>
      pages(async (page) => {
        const request = { campaignId, cycle, imageIds: [], ...page };
        const { labels, nextPageToken } = await call(registry.listLabels.bind(registry), request, settings);
        return { items: labels, nextPageToken };
      }),
    previews: (campaignId, cycle) =>
      all(
        pages(async (page) => {
          const request = { campaignId, cycle, imageIds: [], ...page };
          const { previews, nextPageToken } = await call(registry.listPreviews.bind(registry), request, settings);
          return { items: previews, nextPageToken };
        }),
      ),
    getModel: async (modelId) =>
      required((await call(registry.getModel.bind(registry), { modelId }, settings)).model, 'GetModel'),
    workItems: (which) =>
      pages(async (page) => {
        const request = { ...which, ...page };
        const { items, nextPageToken } = await call(registry.listWorkItems.bind(registry), request, settings);
        return { items, nextPageToken };
      }),
    async redriveWork({ itemIds, campaignId }) {
      const request = { itemIds: [...itemIds], campaignId, requestId: randomUUID() };
      return (await call(registry.redriveWorkItems.bind(registry), request, settings)).items;
    },
    close: () => registry.close(),
  };
}

interface Page<T> {
  readonly items: readonly T[];
  readonly nextPageToken: string;
}

async function* pages<T>(
  fetch: (page: { pageSize: number; pageToken: string }) => Promise<Page<T>>,
): AsyncGenerator<T> {
  for (let pageToken = ''; ; ) {
    const { items, nextPageToken } = await fetch({ pageSize: PAGE_SIZE, pageToken });
    yield* items;
    if (nextPageToken === '') return;
    pageToken = nextPageToken;
  }
}

function* chunks(bytes: Uint8Array): Generator<{ chunk: Uint8Array }> {
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
    yield { chunk: bytes.subarray(start, start + CHUNK_BYTES) };
  }
}

function required<T>(value: T | undefined, method: string): T {
  if (value === undefined) throw new CpralError('INTERNAL', `${method}: expected a resource in the answer, got none`);
  return value;
}
