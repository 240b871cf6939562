// What annotators did, and how well.
import { and, eq, isNotNull, sql } from 'drizzle-orm';
import type { AnnotatorSummary } from '../../../proto/gen/cpral/v1/annotation.ts';
import { inScope } from '../access/scope.ts';
import type { Database } from '../database.ts';
import { annotationTasks } from '../schema.ts';

/** Submitted tasks, by annotator's name. @param campaignId empty: of all campaigns */
export async function summarizeAnnotators(db: Database, campaignId: string): Promise<AnnotatorSummary[]> {
  const { annotator, activeSeconds, clicks, strokes, height, width, purpose, iou, returns } = annotationTasks;
  const rows = await db
    .select({
      annotator,
      tasks: sql<number>`count(*)::int`,
      activeSeconds: sql<number>`sum(${activeSeconds})`,
      clicks: sql<string>`sum(${clicks})`,
      strokes: sql<string>`sum(${strokes})`,
      pixels: sql<string>`sum(${height}::bigint * ${width})`,
      goldIou: sql<number | null>`avg(${iou}) filter (where ${purpose} = 'gold')`,
      agreementIou: sql<number | null>`avg(${iou}) filter (where ${purpose} <> 'gold')`,
      returnedShare: sql<number>`avg(case when ${returns} > 0 then 1.0 else 0.0 end)::double precision`,
    })
    .from(annotationTasks)
    .where(
      and(
        isNotNull(annotationTasks.submitTime),
        campaignId === '' ? undefined : eq(annotationTasks.campaignId, campaignId),
        inScope(annotationTasks.campaignId),
      ),
    )
    .groupBy(annotator)
    .orderBy(annotator);
  return rows.map((row) => ({
    annotator: row.annotator,
    tasks: BigInt(row.tasks),
    cost: { activeSeconds: row.activeSeconds, clicks: BigInt(row.clicks), strokes: BigInt(row.strokes) },
    pixels: BigInt(row.pixels),
    goldIou: row.goldIou ?? undefined,
    agreementIou: row.agreementIou ?? undefined,
    returnedShare: row.returnedShare,
  }));
}
