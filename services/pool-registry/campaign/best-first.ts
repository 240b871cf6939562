// Picking from a large table the best rows, one after the other, until a sum over them is reached: a few from the front of an index,
// and more only where those did not suffice. What the rows cost is never negative, so a longer look picks the same ones first.
import type { SQL } from 'drizzle-orm';
import type { Transaction } from '../database.ts';

const SPARE_ROWS = 100;
const GROWTH = 4;

/**
 * @param expected rows that suffice as a rule
 * @param pick looks at the best `limit` rows, picks among them, and gives a row: how many it saw, and whether they were enough
 */
export async function fromTheBest(tx: Transaction, expected: number, pick: (limit: number) => SQL): Promise<void> {
  for (let limit = 2 * expected + SPARE_ROWS; ; limit *= GROWTH) {
    const { rows } = (await tx.execute(pick(limit))) as unknown as { rows: { seen: number; enough: boolean }[] };
    const [looked] = rows;
    if (!looked || looked.enough || looked.seen < limit) return;
  }
}
