// Picking from a large table the best rows, one after the other, until a sum over them is reached: a few from the front of an index,
// and more only where those did not suffice. Each look writes the ranks of what it picks, and a longer look writes over them.
//
// That comes to the same as one look at the whole table, because
//   the order is total (it ends with the rows' key), so that a shorter look sees the first rows of a longer one, in the same places;
//   cost >= 0, so that the prefix sums `before` and `until` never fall along the order, and what depends on them alone picks a prefix.
// So a longer look gives every row of a shorter one its rank again, adds ranks behind them, and has nothing to take back; and where a
// row was seen that is not picked, none behind it would be.
import { type SQL, sql } from 'drizzle-orm';
import type { Transaction } from '../database.ts';

const SPARE_ROWS = 100;
const GROWTH = 4;

export interface BestFirst {
  /** Rows that suffice as a rule. */
  readonly expected: number;
  /** A query for all rows with their key and what they are ordered by. An index has this order. */
  readonly rows: SQL;
  /** Over columns of `rows`, total. */
  readonly order: SQL;
  /** What a row of `best` costs, from 0, a bigint. */
  readonly cost: SQL;
  /** Of `before` and `until`, the sums of the costs up to a row, without it and with it: true of a prefix. */
  readonly isPicked: SQL;
  /** An update from `ordered` that gives its rows their `place`, from 0, as rank; its condition is the last thing in it. */
  readonly mark: SQL;
}

export async function rankFromTheBest(tx: Transaction, options: BestFirst): Promise<void> {
  for (let limit = 2 * options.expected + SPARE_ROWS; ; limit *= GROWTH) {
    const { rows } = (await tx.execute(look(options, limit))) as unknown as { rows: Look[] };
    const [looked] = rows;
    if (!looked || looked.isEnough || looked.seen < limit) return;
  }
}

interface Look {
  readonly seen: number;
  readonly isEnough: boolean;
}

function look({ rows, order, cost, isPicked, mark }: BestFirst, limit: number): SQL {
  return sql`
    with best as materialized (${rows} order by ${order} limit ${limit}),
    costed as materialized (select *, ${cost} as cost from best),
    ordered as materialized (
      select *, row_number() over best_first - 1 as place,
        sum(cost) over best_first as until, sum(cost) over best_first - cost as before
      from costed window best_first as (order by ${order} rows unbounded preceding)
    ), picked as (${mark} and ${isPicked})
    select count(*)::int as seen, coalesce(bool_or(not ${isPicked}), false) as "isEnough" from ordered`;
}
