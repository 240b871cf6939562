// Rows of imports whose process died before it could take them back: nobody sees them, and nobody else would. A page a turn, as a
// million rows in one statement would outlast its limit.
import { and, asc, eq, isNull, lt, sql } from 'drizzle-orm';
import type { RegistryContext } from '../context.ts';
import { datasets } from '../schema.ts';

/** No import that is under way takes so long. */
const STALE_HOURS = 24;
const ROWS_A_TURN = 10_000;

/** @returns whether there may be more to delete */
export async function deleteStaleImports({ db, log }: RegistryContext): Promise<boolean> {
  const stale = and(
    isNull(datasets.datasetId),
    lt(datasets.createTime, sql`now() - make_interval(hours => ${STALE_HOURS})`),
  );
  const [oldest] = await db
    .select({ key: datasets.key })
    .from(datasets)
    .where(stale)
    .orderBy(asc(datasets.key))
    .limit(1);
  if (!oldest) return false;
  const { rows } = (await db.execute(sql`
    with page as (select image_id from images where dataset_key = ${oldest.key} limit ${ROWS_A_TURN}),
    deleted as (
      delete from images using page where dataset_key = ${oldest.key} and images.image_id = page.image_id returning 1
    )
    select count(*)::int as count from deleted`)) as unknown as { rows: { count: number }[] };
  if (rows[0]!.count === ROWS_A_TURN) return true;
  await db.delete(datasets).where(and(eq(datasets.key, oldest.key), stale));
  log.info({ dataset: oldest.key }, 'rows of an import that was cut off are gone');
  return true;
}
