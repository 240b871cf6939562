// The questions that several routes have.
import type { Operation } from '../../../proto/gen/cpral/v1/operations.ts';
import type {
  Campaign,
  Cycle,
  Dataset,
  DatasetImage,
  Model,
  Region,
  Split,
  WorkItem,
  WorkItemState,
} from '../../../proto/gen/cpral/v1/resources.ts';
import { ask, firstOf, type Page, pages, type Registry, required } from './registry.ts';

/** A campaign has as many cycles as it has trainings; a thousand is what the registry allows. */
const MAX_CYCLES = 1_000;

export async function getCampaign({ pool }: Registry, campaignId: string): Promise<Campaign> {
  return required((await ask(pool, pool.getCampaign, { campaignId })).campaign, 'a campaign');
}

export async function getDataset({ pool }: Registry, datasetId: string): Promise<Dataset> {
  return required((await ask(pool, pool.getDataset, { datasetId })).dataset, 'a dataset');
}

export async function getOperation({ operations }: Registry, operationId: string): Promise<Operation> {
  return required((await ask(operations, operations.getOperation, { operationId })).operation, 'an operation');
}

export async function getModel({ pool }: Registry, modelId: string): Promise<Model> {
  return required((await ask(pool, pool.getModel, { modelId })).model, 'a model');
}

export async function listCycles({ pool }: Registry, campaignId: string): Promise<Cycle[]> {
  const all = pages(async (page) => {
    const { cycles, nextPageToken } = await ask(pool, pool.listCycles, { campaignId, ...page });
    return { items: cycles, nextPageToken };
  });
  return (await firstOf(all, MAX_CYCLES)).list;
}

/** Newest first. */
export function listCampaigns({ pool }: Registry, page: Page) {
  return ask(pool, pool.listCampaigns, page);
}

export function allCampaigns(registry: Registry): AsyncGenerator<Campaign> {
  return pages(async (page) => {
    const { campaigns, nextPageToken } = await listCampaigns(registry, page);
    return { items: campaigns, nextPageToken };
  }, 100);
}

export function regionsOf({ pool }: Registry, campaignId: string, cycle: number): AsyncGenerator<Region> {
  return pages(async (page) => {
    const { regions, nextPageToken } = await ask(pool, pool.listRegions, { campaignId, cycle, ...page });
    return { items: regions, nextPageToken };
  }, 1_000);
}

/** @param imageIds at most 1000; empty: all */
export async function imagesOf(
  { pool }: Registry,
  datasetId: string,
  { split, imageIds, pageSize }: { split: Split; imageIds: readonly string[]; pageSize: number },
): Promise<DatasetImage[]> {
  const request = { datasetId, split, imageIds: [...imageIds], pageSize, pageToken: '' };
  return (await ask(pool, pool.listDatasetImages, request)).images;
}

export function workItemsOf(
  { pool }: Registry,
  which: { campaignId: string; states: WorkItemState[] },
): AsyncGenerator<WorkItem> {
  return pages(async (page) => {
    const { items, nextPageToken } = await ask(pool, pool.listWorkItems, { ...which, ...page });
    return { items, nextPageToken };
  }, 1_000);
}
