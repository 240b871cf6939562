// Campaigns: making, watching, pausing and resuming them.
import { createHash, randomUUID } from 'node:crypto';
import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import {
  CreateCampaignRequest,
  type CreateCampaignResponse,
  type ListCampaignsRequest,
  type ListCampaignsResponse,
  PauseCampaignRequest,
  ResumeCampaignRequest,
  type WatchCampaignRequest,
  type WatchCampaignResponse,
} from '../../../proto/gen/cpral/v1/pool_registry.ts';
import {
  type Campaign,
  CampaignConfig,
  CampaignState,
  CampaignStep,
  PoolState,
  Split,
  Strategy,
} from '../../../proto/gen/cpral/v1/resources.ts';
import { queueFull } from '../../shared/bus/queue-full.ts';
import { CpralError, invalid } from '../../shared/errors.ts';
import type { CallContext } from '../../shared/grpc/handlers.ts';
import { idInProject, prefixOf, projectOf } from '../../shared/identity/project.ts';
import type { ObjectStore } from '../../shared/objects/object-store.ts';
import { inScope } from '../access/scope.ts';
import { annotatedByPeople } from '../annotation/task-row.ts';
import { type CampaignRow, lockCampaign, readCampaign } from '../campaign/campaign-row.ts';
import { viewCampaign } from '../campaign/campaign-view.ts';
import { planCampaign } from '../campaign/plan.ts';
import { redrive, reopenCampaign } from '../campaign/redrive.ts';
import { advanceOrLeave, changeCampaign, enterStep } from '../campaign/state-machine.ts';
import type { RegistryContext } from '../context.ts';
import { analyzeAfter } from '../database/statistics.ts';
import type { Transaction } from '../database.ts';
import { campaigns, images, operations, poolItems } from '../schema.ts';
import { findDataset } from './datasets.ts';
import { cutPage, readPage } from './pages.ts';
import { once } from './request-ids.ts';

/** As a DNS label. */
const CAMPAIGN_ID_MAX = 63;
const MAX_ID_WITH_PROJECT = 84;
const CAMPAIGN_ID = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const WATCH_POLL_MS = 1_000;
/** Counting a large pool costs something, and many workers change much. */
const WATCH_PAUSE_MS = 100;

const {
  CAMPAIGN_STATE_RUNNING,
  CAMPAIGN_STATE_PAUSED,
  CAMPAIGN_STATE_FAILED,
  CAMPAIGN_STATE_SUCCEEDED,
  CAMPAIGN_STATE_CANCELLED,
} = CampaignState;

export async function createCampaign(
  context: RegistryContext,
  request: CreateCampaignRequest,
): Promise<CreateCampaignResponse> {
  const { db } = context;
  const dataset = await findDataset(db, request.datasetId);
  const { config, plan, strategy } = planCampaign(request.config, dataset.trainImages);
  const configDigest = createHash('sha256')
    .update(request.datasetId)
    .update(CampaignConfig.encode(config).finish())
    .update(Strategy.encode(strategy).finish())
    .digest('hex');
  // A campaign is where its dataset is.
  const project = projectOf(request.datasetId);
  const campaignId = idInProject(project, request.campaignId || idOf(config.strategy, configDigest));
  const name = campaignId.slice(prefixOf(project).length);
  if (!CAMPAIGN_ID.test(name) || campaignId.length > MAX_ID_WITH_PROJECT) {
    throw invalid(`campaign_id "${name}": expected lower-case letters, digits and hyphens, at most 63`, {
      field: 'campaign_id',
    });
  }
  if (!annotatedByPeople(config)) await refuseWithoutGroundTruth(context, dataset.key);
  if (request.validateOnly) return { campaign: undefined, plan, existed: false };
  await refuseWhereFull(context);

  const mutation = {
    requestId: request.requestId,
    method: 'CreateCampaign',
    request: CreateCampaignRequest.encode(request).finish(),
  };
  const { existed } = await once(db, mutation, async (tx) => {
    const row = {
      campaignId,
      datasetKey: dataset.key,
      config: CampaignConfig.toJSON(config),
      strategy: Strategy.toJSON(strategy),
      configDigest,
    };
    const inserted = await insertCampaign(tx, row, context.objects);
    if (!inserted) await requireSameConfig(tx, campaignId, configDigest);
    return { existed: !inserted };
  });
  if (!existed) await analyzeAfter(context, poolItems, dataset.trainImages);
  await advanceOrLeave(context, campaignId);
  context.changes.notify(campaignId);
  return { campaign: await viewCampaign(db, campaignId), plan, existed };
}

/** A name for people, and enough of the digest to tell configurations apart. */
function idOf(strategy: string, configDigest: string): string {
  const digest = configDigest.slice(0, 8);
  return `${strategy.replaceAll(/[+:]/g, '-').slice(0, CAMPAIGN_ID_MAX - digest.length - 1)}-${digest}`;
}

/** More work than the queue holds would only gather in the outbox: whoever asks is told when to ask again. */
async function refuseWhereFull({ bus }: RegistryContext): Promise<void> {
  if (!(await bus.hasRoom())) throw queueFull();
}

/** The annotator is simulated: it answers from ground truth. */
async function refuseWithoutGroundTruth({ db }: RegistryContext, datasetKey: number): Promise<void> {
  const missing = and(
    eq(images.datasetKey, datasetKey),
    eq(images.split, Split.SPLIT_TRAIN),
    isNull(images.groundTruth),
  );
  const count = await db.$count(images, missing);
  if (count === 0) return;
  throw new CpralError(
    'FAILED_PRECONDITION',
    `dataset: the simulated annotator needs ground truth for every training image, ${count} have none`,
    {
      field: 'dataset_id',
      reason: 'NO_GROUND_TRUTH',
    },
  );
}

async function insertCampaign(
  tx: Transaction,
  row: Pick<typeof campaigns.$inferInsert, 'campaignId' | 'datasetKey' | 'config' | 'strategy' | 'configDigest'>,
  objects: ObjectStore,
): Promise<boolean> {
  const { campaignId } = row;
  const [inserted] = await tx
    .insert(campaigns)
    .values({ ...row, state: CAMPAIGN_STATE_RUNNING, step: CampaignStep.CAMPAIGN_STEP_INITIAL_LABELS })
    .onConflictDoNothing()
    .returning({ campaignId: campaigns.campaignId });
  if (!inserted) return false;
  await tx
    .insert(operations)
    .values({ operationId: idInProject(projectOf(campaignId), `campaign-${randomUUID()}`), campaignId });
  await tx.insert(poolItems).select(
    tx
      .select({
        campaignId: sql<string>`${campaignId}::text`.as('campaign_id'),
        imageId: images.imageId,
        state: sql<number>`${PoolState.POOL_STATE_UNLABELLED}::int`.as('state'),
        excludedCause: sql<null>`null::text`.as('excluded_cause'),
        excludedItemId: sql<null>`null::text`.as('excluded_item_id'),
      })
      .from(images)
      .where(and(eq(images.datasetKey, row.datasetKey), eq(images.split, Split.SPLIT_TRAIN))),
  );
  const campaign = await readCampaign(tx, campaignId);
  await changeCampaign(tx, campaign, {});
  await enterStep(tx, campaign, objects);
  return true;
}

async function requireSameConfig(tx: Transaction, campaignId: string, configDigest: string): Promise<void> {
  const [row] = await tx
    .select({ configDigest: campaigns.configDigest })
    .from(campaigns)
    .where(eq(campaigns.campaignId, campaignId));
  if (row?.configDigest === configDigest) return;
  throw new CpralError('ALREADY_EXISTS', `campaign "${campaignId}" exists with another configuration`, {
    field: 'campaign_id',
  });
}

export async function listCampaigns(
  { db }: RegistryContext,
  request: ListCampaignsRequest,
): Promise<ListCampaignsResponse> {
  const page = readPage(request);
  const before =
    page.after &&
    sql`(${campaigns.createTime}, ${campaigns.campaignId}) < (${page.after[0]}::timestamptz, ${page.after[1]}::text)`;
  const found = await db
    .select({ campaignId: campaigns.campaignId, time: sql<string>`${campaigns.createTime}::text` })
    .from(campaigns)
    .where(and(inScope(campaigns.campaignId), before))
    .orderBy(desc(campaigns.createTime), desc(campaigns.campaignId))
    .limit(page.limit + 1);
  const { rows, nextPageToken } = cutPage(found, page, (row) => [row.time, row.campaignId]);
  const views: Campaign[] = [];
  for (const { campaignId } of rows) views.push(await viewCampaign(db, campaignId));
  return { campaigns: views, nextPageToken };
}

export async function* watchCampaign(
  { db, changes, clock }: RegistryContext,
  { campaignId }: WatchCampaignRequest,
  { signal }: CallContext,
): AsyncGenerator<WatchCampaignResponse> {
  let seen = '';
  while (!signal.aborted) {
    const change = changes.nextOf(campaignId, WATCH_POLL_MS, signal);
    const campaign = await viewCampaign(db, campaignId);
    const { etag, progress } = campaign;
    const now = JSON.stringify([etag, progress]);
    if (now !== seen) yield { campaign };
    seen = now;
    if (hasEnded(campaign.state)) return;
    await clock.sleep(WATCH_PAUSE_MS, signal);
    await change;
  }
}

function hasEnded(state: CampaignState): boolean {
  return state === CAMPAIGN_STATE_SUCCEEDED || state === CAMPAIGN_STATE_FAILED || state === CAMPAIGN_STATE_CANCELLED;
}

export async function pauseCampaign(
  context: RegistryContext,
  request: PauseCampaignRequest,
): Promise<{ campaign: Campaign }> {
  const mutation = {
    requestId: request.requestId,
    method: 'PauseCampaign',
    request: PauseCampaignRequest.encode(request).finish(),
  };
  await once(context.db, mutation, async (tx) => {
    const campaign = await lockMatching(tx, request);
    if (campaign.state === CAMPAIGN_STATE_PAUSED) return {};
    if (campaign.state !== CAMPAIGN_STATE_RUNNING) throw cannot('paused', campaign);
    await changeCampaign(tx, campaign, { state: CAMPAIGN_STATE_PAUSED });
    return {};
  });
  context.changes.notify(request.campaignId);
  return { campaign: await viewCampaign(context.db, request.campaignId) };
}

export async function resumeCampaign(
  context: RegistryContext,
  request: ResumeCampaignRequest,
): Promise<{ campaign: Campaign }> {
  const mutation = {
    requestId: request.requestId,
    method: 'ResumeCampaign',
    request: ResumeCampaignRequest.encode(request).finish(),
  };
  const { campaignId } = request;
  await refuseWhereFull(context);
  await once(context.db, mutation, async (tx) => {
    const campaign = await lockMatching(tx, request);
    if (campaign.state === CAMPAIGN_STATE_RUNNING || campaign.state === CAMPAIGN_STATE_SUCCEEDED) return {};
    if (campaign.state === CAMPAIGN_STATE_CANCELLED) throw cannot('resumed', campaign);
    const hasFailed = campaign.state === CAMPAIGN_STATE_FAILED;
    const running = await reopenCampaign(tx, campaign);
    if (hasFailed) await redrive(tx, running);
    return {};
  });
  await advanceOrLeave(context, campaignId);
  context.changes.notify(campaignId);
  return { campaign: await viewCampaign(context.db, campaignId) };
}

async function lockMatching(
  tx: Transaction,
  { campaignId, etag }: { campaignId: string; etag: string },
): Promise<CampaignRow> {
  const campaign = await lockCampaign(tx, campaignId);
  if (etag && etag !== `${campaign.version}`) {
    throw new CpralError(
      'ABORTED',
      `campaign "${campaignId}" changed: expected etag ${etag}, it is ${campaign.version}`,
      {
        field: 'etag',
        reason: 'ETAG_MISMATCH',
      },
    );
  }
  return campaign;
}

function cannot(what: string, { campaignId }: CampaignRow): CpralError {
  return new CpralError('FAILED_PRECONDITION', `campaign "${campaignId}" has ended and cannot be ${what}`, {
    reason: 'CAMPAIGN_ENDED',
  });
}
