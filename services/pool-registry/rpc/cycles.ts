// The cycles of a campaign, by pages: labels, model, subset, times and picks of each.
import { and, eq, gt, inArray, lt, sql } from 'drizzle-orm';
import type { ListCyclesRequest, ListCyclesResponse } from '../../../proto/gen/cpral/v1/pool_registry.ts';
import {
  AcquisitionQuality,
  CampaignStep,
  Cycle,
  Evaluation,
  LabelCounts,
  PhaseSeconds,
} from '../../../proto/gen/cpral/v1/resources.ts';
import { phaseSeconds } from '../campaign/phase-seconds.ts';
import type { RegistryContext } from '../context.ts';
import type { Database } from '../database.ts';
import { cycles, ratings, workItems } from '../schema.ts';
import { cutPage, fittingPage, readPage } from './pages.ts';
import { requireCampaign } from './results.ts';

/** Where there is no panoptic part the subset is the whole pool. */
const SUBSET_SHOWN = 1_000;

export async function listCycles({ db }: RegistryContext, request: ListCyclesRequest): Promise<ListCyclesResponse> {
  const { campaignId } = request;
  await requireCampaign(db, campaignId);
  const page = readPage(request);
  const rows = await db
    .select()
    .from(cycles)
    .where(and(eq(cycles.campaignId, campaignId), page.after && gt(cycles.cycle, sql`${page.after[0]}::int`)))
    .orderBy(cycles.cycle)
    .limit(page.limit + 1);
  const seconds = await phaseSeconds(db, campaignId);
  const unmeasured = await unmeasuredCycles(db, campaignId);
  const found: Cycle[] = [];
  for (const row of rows) {
    found.push({
      cycle: row.cycle,
      labelled: LabelCounts.fromJSON(row.labelled),
      modelId: row.modelId ?? '',
      evaluation: row.evaluation ? Evaluation.fromJSON(row.evaluation) : undefined,
      loss: row.loss,
      ...(await subsetOf(db, row)),
      seconds: seconds.get(row.cycle) ?? PhaseSeconds.fromPartial({}),
      quality: toQuality(row, unmeasured),
    });
  }
  const fitting = fittingPage(found, page, (cycle) => Cycle.encode(cycle).finish().length);
  const { rows: shown, nextPageToken } = cutPage(found, fitting, ({ cycle }) => [cycle]);
  return { cycles: shown, nextPageToken };
}

/** Its images have the ranks from 0, without a gap. */
async function subsetOf(
  db: Database,
  { campaignId, cycle }: typeof cycles.$inferSelect,
): Promise<Pick<Cycle, 'subsetImageIds' | 'subsetImages'>> {
  const ofCycle = and(eq(ratings.campaignId, campaignId), eq(ratings.cycle, cycle));
  const best = await db
    .select({ imageId: ratings.imageId })
    .from(ratings)
    .where(and(ofCycle, lt(ratings.subsetRank, SUBSET_SHOWN)))
    .orderBy(ratings.subsetRank);
  const [last] = await db
    .select({ rank: sql<number | null>`max(${ratings.subsetRank})` })
    .from(ratings)
    .where(ofCycle);
  return { subsetImageIds: best.map(({ imageId }) => imageId), subsetImages: (last?.rank ?? -1) + 1 };
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
