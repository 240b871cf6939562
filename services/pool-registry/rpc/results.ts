// What campaigns made: cycles, regions, labels, previews, models.
import { and, asc, desc, eq, gt, inArray, isNotNull, lte, sql } from 'drizzle-orm';
import type {
  GetModelRequest,
  GetModelResponse,
  ListCyclesRequest,
  ListCyclesResponse,
  ListLabelsRequest,
  ListLabelsResponse,
  ListPreviewsRequest,
  ListPreviewsResponse,
  ListRegionsRequest,
  ListRegionsResponse,
} from '../../../proto/gen/cpral/v1/pool_registry.ts';
import {
  AcquisitionQuality,
  CampaignStep,
  Evaluation,
  LabelCounts,
  LabelMasks,
  Model,
  ObjectRef,
  PhaseSeconds,
} from '../../../proto/gen/cpral/v1/resources.ts';
import { CpralError } from '../../shared/errors.ts';
import { phaseSeconds } from '../campaign/phase-seconds.ts';
import type { RegistryContext } from '../context.ts';
import { bytewise, type Database } from '../database.ts';
import { campaigns, cycles, labels, models, previews, ratings, regions, workItems } from '../schema.ts';
import { cutPage, readPage } from './pages.ts';

export async function listCycles(
  { db }: RegistryContext,
  { campaignId }: ListCyclesRequest,
): Promise<ListCyclesResponse> {
  await requireCampaign(db, campaignId);
  const rows = await db.select().from(cycles).where(eq(cycles.campaignId, campaignId)).orderBy(cycles.cycle);
  const seconds = await phaseSeconds(db, campaignId);
  const unmeasured = await unmeasuredCycles(db, campaignId);
  const subset = await db
    .select({ cycle: ratings.cycle, imageId: ratings.imageId })
    .from(ratings)
    .where(and(eq(ratings.campaignId, campaignId), isNotNull(ratings.subsetRank)))
    .orderBy(ratings.cycle, ratings.subsetRank);
  return {
    cycles: rows.map((row) => ({
      cycle: row.cycle,
      labelled: LabelCounts.fromJSON(row.labelled),
      modelId: row.modelId ?? '',
      evaluation: row.evaluation ? Evaluation.fromJSON(row.evaluation) : undefined,
      loss: row.loss,
      subsetImageIds: subset.filter((rated) => rated.cycle === row.cycle).map((rated) => rated.imageId),
      seconds: seconds.get(row.cycle) ?? PhaseSeconds.fromPartial({}),
      quality: toQuality(row, unmeasured),
    })),
  };
}

/** Cycles in which the measuring of some picks was given up. */
async function unmeasuredCycles(db: Database, campaignId: string): Promise<Set<number>> {
  const rows = await db
    .selectDistinct({ cycle: workItems.cycle })
    .from(workItems)
    .where(
      and(
        eq(workItems.campaignId, campaignId),
        eq(workItems.step, CampaignStep.CAMPAIGN_STEP_ANNOTATE),
        eq(workItems.kind, 'rate'),
        inArray(workItems.state, ['parked', 'cancelled']),
      ),
    );
  return new Set(rows.map(({ cycle }) => cycle));
}

/** Wrong pixels of some picks are no count of all of them. */
function toQuality({ cycle, quality }: typeof cycles.$inferSelect, unmeasured: ReadonlySet<number>) {
  if (!quality) return undefined;
  const counted = AcquisitionQuality.fromJSON(quality);
  return unmeasured.has(cycle) ? { ...counted, wrongPixels: undefined } : counted;
}

export async function listRegions({ db }: RegistryContext, request: ListRegionsRequest): Promise<ListRegionsResponse> {
  const { campaignId } = request;
  await requireCampaign(db, campaignId);
  const page = readPage(request);
  const after = page.after && sql`(${regions.cycle}, ${regions.rank}) > (${page.after[0]}::int, ${page.after[1]}::int)`;
  const found = await db
    .select()
    .from(regions)
    .where(and(eq(regions.campaignId, campaignId), isNotNull(regions.rank), after))
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
  const found = await db
    .selectDistinctOn([bytewise(labels.imageId)])
    .from(labels)
    .where(
      and(
        eq(labels.campaignId, request.campaignId),
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
  { campaignId, cycle }: ListPreviewsRequest,
): Promise<ListPreviewsResponse> {
  await requireCampaign(db, campaignId);
  const rows = await db
    .select()
    .from(previews)
    .where(and(eq(previews.campaignId, campaignId), eq(previews.cycle, cycle)))
    .orderBy(asc(bytewise(previews.imageId)));
  return { previews: rows.map(({ imageId, entropy }) => ({ imageId, entropy: ObjectRef.fromJSON(entropy) })) };
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
