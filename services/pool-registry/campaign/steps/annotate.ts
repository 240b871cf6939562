// Picks the best regions over all images of the subset, within the budget, and has them labelled.
import { and, eq, inArray, isNotNull, sql } from 'drizzle-orm';
import type { Window } from '../../../../proto/gen/cpral/v1/oracle.ts';
import { AcquisitionQuality, CampaignStep, LabelOrigin, PoolState } from '../../../../proto/gen/cpral/v1/resources.ts';
import { assert } from '../../../shared/errors.ts';
import { makeTasks, type Question } from '../../annotation/make-tasks.ts';
import { annotatedByPeople } from '../../annotation/task-row.ts';
import type { Transaction } from '../../database.ts';
import { cycles, poolItems, regions } from '../../schema.ts';
import { annotationWork } from '../annotation-work.ts';
import { rankFromTheBest } from '../best-first.ts';
import type { CampaignRow } from '../campaign-row.ts';
import { commitLabels } from '../commit-labels.ts';
import { cycleBudget } from '../cycle-budget.ts';
import { measuringWork } from '../measuring-work.ts';
import { refuseAgreedRegions } from '../refuse-agreement.ts';
import type { Step } from '../step.ts';
import { findsByVotes } from '../strategies.ts';

export const annotate: Step = {
  step: CampaignStep.CAMPAIGN_STEP_ANNOTATE,

  async *enter(tx, campaign) {
    if (findsByVotes(campaign.strategy)) await refuseAgreedRegions(tx, campaign);
    await pickWithinBudget(tx, campaign);
    await markPicked(tx, campaign);
    const questions = await pickedQuestions(tx, campaign);
    const windows = windowsByImage(questions);
    if (annotatedByPeople(campaign.config)) await makeTasks(tx, campaign, questions);
    else yield* annotationWork(tx, campaign, windows, LabelOrigin.LABEL_ORIGIN_ORACLE);
    yield* measuringWork(tx, campaign, windows);
  },

  async commit(tx, campaign, { result }) {
    if (result?.$case === 'measurePicks') {
      const { wrongPixels } = result.value;
      await addQuality(tx, campaign, AcquisitionQuality.fromPartial({ wrongPixels }));
      return;
    }
    assert(result?.$case === 'annotate' && result.value.quality, 'annotation gives labels and their quality');
    await commitLabels(tx, campaign, result.value.labels);
    await addQuality(tx, campaign, result.value.quality);
  },

  next: ({ strategy }) => (strategy.extension ? CampaignStep.CAMPAIGN_STEP_EXTEND : CampaignStep.CAMPAIGN_STEP_TRAIN),
};

/**
 * The best candidates one after the other, as long as the budget's pixels last. They are as many as the budget has regions where
 * none reaches over labelled pixels, else more: pixels that are labelled already cost nothing.
 */
async function pickWithinBudget(tx: Transaction, campaign: CampaignRow): Promise<void> {
  const { campaignId, cycle } = campaign;
  const budget = cycleBudget(campaign);
  await rankFromTheBest(tx, {
    expected: budget.regions,
    rows: sql`
      select image_id, top, "left", score, unlabelled_pixels from regions
      where campaign_id = ${campaignId} and cycle = ${cycle}`,
    order: sql`score desc, image_id, top, "left"`,
    // Checked when a result is committed: at least 1.
    cost: sql`unlabelled_pixels::bigint`,
    // The first region that the budget does not last for ends the picking, though a cheaper one may follow.
    isPicked: sql`(until <= ${budget.pixels}::bigint)`,
    mark: sql`
      update regions set rank = place from ordered
      where campaign_id = ${campaignId} and cycle = ${cycle} and regions.image_id = ordered.image_id
        and regions.top = ordered.top and regions."left" = ordered."left"`,
  });
}

async function markPicked(tx: Transaction, { campaignId, cycle }: CampaignRow): Promise<void> {
  const picked = tx
    .select({ imageId: regions.imageId })
    .from(regions)
    .where(and(eq(regions.campaignId, campaignId), eq(regions.cycle, cycle), isNotNull(regions.rank)));
  await tx
    .update(poolItems)
    .set({ state: PoolState.POOL_STATE_IN_ANNOTATION })
    .where(and(eq(poolItems.campaignId, campaignId), inArray(poolItems.imageId, picked)));
}

/** In the order of their ranks. */
async function pickedQuestions(tx: Transaction, { campaignId, cycle }: CampaignRow): Promise<Question[]> {
  const rows = await tx
    .select()
    .from(regions)
    .where(and(eq(regions.campaignId, campaignId), eq(regions.cycle, cycle), isNotNull(regions.rank)))
    .orderBy(regions.rank);
  return rows.map(({ imageId, score, top, left, height, width }) => ({
    imageId,
    score,
    window: { top, left, height, width },
  }));
}

function windowsByImage(questions: readonly Question[]): Map<string, Window[]> {
  const windows = new Map<string, Window[]>();
  for (const { imageId, window } of questions) {
    const ofImage = windows.get(imageId) ?? [];
    ofImage.push(window);
    windows.set(imageId, ofImage);
  }
  return windows;
}

/** Adds a shard's counts to the cycle's. */
async function addQuality(
  tx: Transaction,
  { campaignId, cycle }: CampaignRow,
  shard: AcquisitionQuality,
): Promise<void> {
  const ofCycle = and(eq(cycles.campaignId, campaignId), eq(cycles.cycle, cycle));
  const [row] = await tx.select({ quality: cycles.quality }).from(cycles).where(ofCycle).for('update');
  const before = row?.quality ? AcquisitionQuality.fromJSON(row.quality) : AcquisitionQuality.fromPartial({});
  const quality = AcquisitionQuality.toJSON({
    pickedPixels: before.pickedPixels + shard.pickedPixels,
    voidPixels: before.voidPixels + shard.voidPixels,
    classPixels: sums(before.classPixels, shard.classPixels),
    wrongPixels: sum(before.wrongPixels, shard.wrongPixels),
  });
  await tx.update(cycles).set({ quality }).where(ofCycle);
}

/** Of lists by class; one that is empty counts nothing. */
function sums(a: readonly bigint[], b: readonly bigint[]): bigint[] {
  return Array.from({ length: Math.max(a.length, b.length) }, (_, id) => (a[id] ?? 0n) + (b[id] ?? 0n));
}

/** Absent where neither was counted. */
function sum(a: bigint | undefined, b: bigint | undefined): bigint | undefined {
  return a === undefined && b === undefined ? undefined : (a ?? 0n) + (b ?? 0n);
}
