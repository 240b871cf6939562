// A permutation that depends on the seed, the purpose and the ids alone: by the hash of the three, in the database, so that no pool is loaded.
import { type SQL, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import { bytewise } from '../database.ts';

function hash(column: AnyPgColumn, seed: number, purpose: string): SQL {
  return sql`md5(${`${seed}/${purpose}/`}::text || ${column})`;
}

export function seededOrder(column: AnyPgColumn, seed: number, purpose: string): SQL[] {
  return [bytewise(hash(column, seed, purpose)), bytewise(column)];
}

/** The same hash as a number in [0, 1). */
export function seededUniform(column: AnyPgColumn, seed: number, purpose: string): SQL<number> {
  return sql<number>`(('x' || substr(${hash(column, seed, purpose)}, 1, 8))::bit(32)::bigint / 4294967296.0)::double precision`;
}
