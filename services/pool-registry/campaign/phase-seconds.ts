// Seconds of work by cycle and phase, summed when somebody asks: a sum kept beside the items would be a row that every result waits for.
import { and, eq, ne, sql } from 'drizzle-orm';
import { CampaignStep, PhaseSeconds } from '../../../proto/gen/cpral/v1/resources.ts';
import type { WorkKind } from '../../shared/bus/bus.ts';
import type { Database } from '../database.ts';
import { workItems } from '../schema.ts';

/** Where each kind's seconds are reported; the search for regions is the selection. What is rated beside the annotation is its measure. */
const PHASES: Record<WorkKind, keyof PhaseSeconds> = {
  train: 'train',
  rate: 'rate',
  find_regions: 'select',
  annotate: 'annotate',
  extend_labels: 'extend',
};

/** The initial labels belong to no cycle. */
export async function phaseSeconds(db: Database, campaignId: string): Promise<Map<number, PhaseSeconds>> {
  const rows = await db
    .select({
      cycle: workItems.cycle,
      step: workItems.step,
      kind: workItems.kind,
      seconds: sql<number>`sum(${workItems.computeSeconds})`,
    })
    .from(workItems)
    .where(and(eq(workItems.campaignId, campaignId), ne(workItems.step, CampaignStep.CAMPAIGN_STEP_INITIAL_LABELS)))
    .groupBy(workItems.cycle, workItems.step, workItems.kind);
  const cycles = new Map<number, PhaseSeconds>();
  for (const { cycle, step, kind, seconds } of rows) {
    const ofCycle = cycles.get(cycle) ?? PhaseSeconds.fromPartial({});
    const isMeasure = kind === 'rate' && step === CampaignStep.CAMPAIGN_STEP_ANNOTATE;
    const phase = isMeasure ? 'measure' : PHASES[kind as WorkKind];
    // The choice of centres is rating, too, in a step of its own; so is the training of a sampler.
    cycles.set(cycle, { ...ofCycle, [phase]: ofCycle[phase] + seconds });
  }
  return cycles;
}
