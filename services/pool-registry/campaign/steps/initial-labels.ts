// The start: some images, drawn by the seed, are labelled whole.
import { and, eq, inArray } from 'drizzle-orm';
import { CampaignStep, LabelOrigin, PoolState } from '../../../../proto/gen/cpral/v1/resources.ts';
import { assert } from '../../../shared/errors.ts';
import { makeTasks } from '../../annotation/make-tasks.ts';
import { annotatedByPeople } from '../../annotation/task-row.ts';
import { poolItems } from '../../schema.ts';
import { annotationWork } from '../annotation-work.ts';
import { commitLabels } from '../commit-labels.ts';
import { seededOrder } from '../seeded-order.ts';
import type { Step } from '../step.ts';

export const initialLabels: Step = {
  step: CampaignStep.CAMPAIGN_STEP_INITIAL_LABELS,

  async *enter(tx, campaign) {
    const { campaignId, config, size } = campaign;
    const drawn = tx
      .select({ imageId: poolItems.imageId })
      .from(poolItems)
      .where(eq(poolItems.campaignId, campaignId))
      .orderBy(...seededOrder(poolItems.imageId, config.seed, 'initial'))
      .limit(config.initialImages);
    const marked = await tx
      .update(poolItems)
      .set({ state: PoolState.POOL_STATE_IN_ANNOTATION })
      .where(and(eq(poolItems.campaignId, campaignId), inArray(poolItems.imageId, drawn)))
      .returning({ imageId: poolItems.imageId });
    const imageIds = marked.map((row) => row.imageId).sort();
    const whole = { top: 0, left: 0, height: size.height, width: size.width };
    if (annotatedByPeople(config)) {
      await makeTasks(
        tx,
        campaign,
        imageIds.map((imageId) => ({ imageId, window: whole, score: 0 })),
      );
      return;
    }
    const windows = new Map(imageIds.map((imageId) => [imageId, [whole]]));
    yield* annotationWork(tx, campaign, windows, LabelOrigin.LABEL_ORIGIN_INITIAL);
  },

  async commit(tx, campaign, { result }) {
    assert(result?.$case === 'annotate', 'initial labels come from annotation');
    await commitLabels(tx, campaign, result.value.labels);
  },

  next: () => CampaignStep.CAMPAIGN_STEP_TRAIN,
};
