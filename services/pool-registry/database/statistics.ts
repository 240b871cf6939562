// Statistics of a table into which many rows came at once. Until PostgreSQL has looked by itself, in a minute or so (PGlite never does), it
// takes a campaign of a million images for one of some hundred, and reads and sorts all of them for each page.
import { getTableName, sql, type Table } from 'drizzle-orm';
import type { RegistryContext } from '../context.ts';

/** Fewer are sorted in no time. */
const MANY_ROWS = 10_000;

/** A sample of some ten thousand rows, whatever the table holds. What asked for the rows is done: it does not fail by this. */
export async function analyzeAfter(
  { db, log }: Pick<RegistryContext, 'db' | 'log'>,
  table: Table,
  rows: number,
): Promise<void> {
  if (rows < MANY_ROWS) return;
  try {
    await db.execute(sql`analyze ${table}`);
  } catch (error) {
    log.warn(
      { table: getTableName(table), err: error },
      'table not analyzed: pages of it are slow until the database has done so',
    );
  }
}
