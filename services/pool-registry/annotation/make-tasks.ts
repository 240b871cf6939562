// Asks people: a task for each window, other opinions of some, and gold tasks between them.
import { and, asc, eq, isNotNull } from 'drizzle-orm';
import type { Window } from '../../../proto/gen/cpral/v1/oracle.ts';
import { AnnotationConfig, Split } from '../../../proto/gen/cpral/v1/resources.ts';
import { randomInteger, seededRandom } from '../../shared/random.ts';
import type { CampaignRow } from '../campaign/campaign-row.ts';
import { seededOrder } from '../campaign/seeded-order.ts';
import { shards } from '../campaign/shards.ts';
import type { Transaction } from '../database.ts';
import { publishEvent } from '../outbox.ts';
import { annotationTasks, images } from '../schema.ts';

const ROWS_PER_INSERT = 1_000;
/** More tell nothing new about an annotator. */
const MAX_GOLD_TASKS = 1_000;

export interface Question {
  readonly imageId: string;
  readonly window: Window;
  readonly score: number;
}

/** @param questions the most urgent first */
export async function makeTasks(tx: Transaction, campaign: CampaignRow, questions: readonly Question[]): Promise<void> {
  const { campaignId, cycle, step, config } = campaign;
  const { secondOpinionShare, goldShare } = config.annotation ?? AnnotationConfig.fromPartial({});
  const rows = questions.flatMap((question, rank) => {
    const row = {
      ...asked(campaign, question),
      rank,
      taskId: `${campaignId}-${cycle}-${step}-${rank}`,
      purpose: 'label' as const,
    };
    const draw = seededRandom('second-opinion', config.seed, cycle, step, rank)();
    if (draw >= secondOpinionShare) return [row];
    return [row, { ...row, taskId: `${row.taskId}-b`, purpose: 'second-opinion' as const }];
  });
  const gold = await goldTasks(tx, campaign, questions, goldShare);
  for (const some of shards([...rows, ...gold], ROWS_PER_INSERT)) await tx.insert(annotationTasks).values(some);
  if (rows.length > 0) {
    await publishEvent(tx, 'cpral.annotation.asked', campaignId, {
      campaignId,
      cycle,
      tasks: BigInt(rows.length + gold.length),
    });
  }
}

function asked({ campaignId, cycle, step }: CampaignRow, { imageId, window, score }: Question) {
  const { top, left, height, width } = window;
  return { campaignId, cycle, step, imageId, top, left, height, width, score, state: 'open' as const };
}

/** Windows as large as the others, somewhere in validation images that have truth, and spread over the ranks. */
async function goldTasks(tx: Transaction, campaign: CampaignRow, questions: readonly Question[], share: number) {
  const count = Math.min(Math.round(questions.length * share), MAX_GOLD_TASKS);
  if (count === 0) return [];
  const { campaignId, cycle, step, config, size, datasetKey } = campaign;
  const known = await tx
    .select({ imageId: images.imageId })
    .from(images)
    .where(and(eq(images.datasetKey, datasetKey), eq(images.split, Split.SPLIT_VAL), isNotNull(images.groundTruth)))
    .orderBy(...seededOrder(images.imageId, config.seed, `gold/${cycle}/${step}`).map((order) => asc(order)))
    .limit(count);
  if (known.length === 0) return [];
  return Array.from({ length: count }, (_, i) => {
    const rank = Math.floor(((i + 0.5) * questions.length) / count);
    const { height, width } = questions[rank]!.window;
    const random = seededRandom('gold-window', config.seed, cycle, step, i);
    const top = randomInteger(random, size.height - height + 1);
    const left = randomInteger(random, size.width - width + 1);
    const question = { imageId: known[i % known.length]!.imageId, window: { top, left, height, width }, score: 0 };
    const taskId = `${campaignId}-${cycle}-${step}-${rank}-g${i}`;
    return { ...asked(campaign, question), rank, taskId, purpose: 'gold' as const };
  });
}
