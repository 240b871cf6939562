// Transactions over a pool, tried again where that is safe: those that lost against another one, and those whose connection broke
// before they were to be committed. What broke during the commit may have happened, so its caller has to ask.
import { setTimeout as sleep } from 'node:timers/promises';
import { drizzle } from 'drizzle-orm/node-postgres';
import type { Pool } from 'pg';
import type { Database, Transaction } from '../database.ts';
import * as schema from '../schema.ts';
import { isConflict, isDisconnection } from './failures.ts';

const MAX_ATTEMPTS = 6;
const BACK_OFF_MS = 20;

type Run<T> = (tx: Transaction) => Promise<T>;
type Config = Parameters<Database['transaction']>[1];

/** @returns what `run` returned; it may run several times, and only the last one counts */
export async function transact<T>(pool: Pool, run: Run<T>, config?: Config): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    let committing = false;
    try {
      return await onClient(
        pool,
        async (tx) => {
          const result = await run(tx);
          committing = true;
          return result;
        },
        config,
      );
    } catch (error) {
      const safe = isConflict(error) || (!committing && isDisconnection(error));
      if (!safe || attempt >= MAX_ATTEMPTS) throw error;
      // Spread out, so that two that met do not meet again.
      await sleep(BACK_OFF_MS * 2 ** attempt * (0.5 + Math.random()));
    }
  }
}

/** A connection that broke, or that still has a statement running, does not go back into the pool. */
async function onClient<T>(pool: Pool, run: Run<T>, config: Config): Promise<T> {
  const client = await pool.connect();
  let broken = false;
  try {
    return await drizzle({ client, schema }).transaction(run, config);
  } catch (error) {
    broken = isDisconnection(error);
    throw error;
  } finally {
    client.release(broken);
  }
}
