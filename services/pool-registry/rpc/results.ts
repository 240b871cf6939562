// What campaigns made: regions, labels, previews, models.
import { and, desc, eq, gt, inArray, isNotNull, lte, sql } from 'drizzle-orm';
import type {
  GetModelRequest,
  GetModelResponse,
  ListLabelsRequest,
  ListLabelsResponse,
  ListPreviewsRequest,
  ListPreviewsResponse,
  ListRegionsRequest,
  ListRegionsResponse,
} from '../../../proto/gen/cpral/v1/pool_registry.ts';
import { LabelMasks, Model, ObjectRef } from '../../../proto/gen/cpral/v1/resources.ts';
import { checkWhole } from '../../shared/check-spec.ts';
import { CpralError } from '../../shared/errors.ts';
import type { RegistryContext } from '../context.ts';
import { bytewise, type Database } from '../database.ts';
import { campaigns, labels, models, previews, regions } from '../schema.ts';
import { checkNames, cutPage, readPage } from './pages.ts';

/** Cycles count from 1; 0 is before the first. */
const MAX_CYCLE = 2 ** 31 - 1;
const checkCycle = (cycle = 0) => checkWhole('cycle', cycle, 0, MAX_CYCLE);

export async function listRegions({ db }: RegistryContext, request: ListRegionsRequest): Promise<ListRegionsResponse> {
  const { campaignId } = request;
  await requireCampaign(db, campaignId);
  const page = readPage(request);
  checkCycle(request.cycle);
  const after = page.after && sql`(${regions.cycle}, ${regions.rank}) > (${page.after[0]}::int, ${page.after[1]}::int)`;
  const ofCycle = request.cycle === undefined ? undefined : eq(regions.cycle, request.cycle);
  const found = await db
    .select()
    .from(regions)
    .where(and(eq(regions.campaignId, campaignId), isNotNull(regions.rank), ofCycle, after))
    .orderBy(regions.cycle, regions.rank)
    .limit(page.limit + 1);
  const { rows, nextPageToken } = cutPage(found, page, (row) => [row.cycle, row.rank ?? 0]);
  return {
    regions: rows.map(({ campaignId: _, rank, ...row }) => ({
      ...row,
      rank: rank ?? 0,
      regionId: `${campaignId}/${row.cycle}/${rank}`,
    })),
    nextPageToken,
  };
}

export async function listLabels({ db }: RegistryContext, request: ListLabelsRequest): Promise<ListLabelsResponse> {
  await requireCampaign(db, request.campaignId);
  const page = readPage(request);
  checkCycle(request.cycle);
  const imageIds = checkNames('image_ids', request.imageIds);
  const found = await db
    .selectDistinctOn([bytewise(labels.imageId)])
    .from(labels)
    .where(
      and(
        eq(labels.campaignId, request.campaignId),
        imageIds && inArray(labels.imageId, [...imageIds]),
        request.cycle === undefined ? undefined : lte(labels.cycle, request.cycle),
        page.after ? gt(bytewise(labels.imageId), sql`${page.after[0]}`) : undefined,
      ),
    )
    .orderBy(bytewise(labels.imageId), desc(labels.cycle))
    .limit(page.limit + 1);
  const { rows, nextPageToken } = cutPage(found, page, (row) => [row.imageId]);
  return {
    labels: rows.map((row) => ({
      imageId: row.imageId,
      masks: LabelMasks.fromJSON(row.masks),
      labelledPixels: BigInt(row.labelledPixels),
      voidPixels: BigInt(row.voidPixels),
      extendedPixels: BigInt(row.extendedPixels),
      cycle: row.cycle,
    })),
    nextPageToken,
  };
}

export async function listPreviews(
  { db }: RegistryContext,
  request: ListPreviewsRequest,
): Promise<ListPreviewsResponse> {
  const { campaignId, cycle } = request;
  await requireCampaign(db, campaignId);
  const page = readPage(request);
  checkCycle(cycle);
  const imageIds = checkNames('image_ids', request.imageIds);
  const found = await db
    .select()
    .from(previews)
    .where(
      and(
        eq(previews.campaignId, campaignId),
        eq(previews.cycle, cycle),
        imageIds && inArray(previews.imageId, [...imageIds]),
        page.after && gt(previews.imageId, `${page.after[0]}`),
      ),
    )
    .orderBy(previews.imageId)
    .limit(page.limit + 1);
  const { rows, nextPageToken } = cutPage(found, page, (row) => [row.imageId]);
  return {
    previews: rows.map(({ imageId, entropy, prediction, certainty }) => ({
      imageId,
      entropy: ObjectRef.fromJSON(entropy),
      prediction: prediction ? ObjectRef.fromJSON(prediction) : undefined,
      certainty: certainty ? ObjectRef.fromJSON(certainty) : undefined,
    })),
    nextPageToken,
  };
}

export async function getModel({ db }: RegistryContext, { modelId }: GetModelRequest): Promise<GetModelResponse> {
  const [row] = await db.select().from(models).where(eq(models.modelId, modelId));
  if (!row) throw new CpralError('NOT_FOUND', `model "${modelId}" does not exist`, { field: 'model_id' });
  return { model: Model.fromJSON(row.model) };
}

export async function requireCampaign(db: Database, campaignId: string): Promise<void> {
  const count = await db.$count(campaigns, eq(campaigns.campaignId, campaignId));
  if (count === 0)
    throw new CpralError('NOT_FOUND', `campaign "${campaignId}" does not exist`, { field: 'campaign_id' });
}
