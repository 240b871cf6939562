// Repeating a mutation with its request_id changes nothing and gives the first answer again, for a day.
import { createHash } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { CpralError } from '../../shared/errors.ts';
import { callerNow } from '../../shared/identity/caller.ts';
import type { Database, Transaction } from '../database.ts';
import { requests } from '../schema.ts';

const MAX_LENGTH = 100;

interface Mutation {
  readonly requestId: string;
  readonly method: string;
  /** Of the whole request, so that one id cannot stand for two. */
  readonly request: Uint8Array;
}

/** @param run does the work in the transaction and returns what stands in the answer, as JSON */
export async function once<T>(db: Database, mutation: Mutation, run: (tx: Transaction) => Promise<T>): Promise<T> {
  const { requestId: given, method } = mutation;
  if (!given) return db.transaction(run);
  if (given.length > MAX_LENGTH) {
    throw new CpralError(
      'INVALID_ARGUMENT',
      `request_id: expected at most ${MAX_LENGTH} characters, got ${given.length}`,
      { field: 'request_id' },
    );
  }
  const requestId = ofScope(given);
  const requestDigest = createHash('sha256').update(mutation.request).digest('hex');
  return db.transaction(async (tx) => {
    // The row is taken first: a second call with the same id waits here for the first one to end.
    const [taken] = await tx
      .insert(requests)
      .values({ requestId, method, requestDigest, response: {} })
      .onConflictDoNothing()
      .returning({ requestId: requests.requestId });
    if (!taken) {
      const [before] = await tx.select().from(requests).where(eq(requests.requestId, requestId));
      if (before?.method !== method || before.requestDigest !== requestDigest) {
        throw new CpralError('INVALID_ARGUMENT', `request_id "${given}": was used for another request`, {
          field: 'request_id',
          reason: 'REQUEST_ID_REUSED',
        });
      }
      return before.response as T;
    }
    const response = await run(tx);
    await tx
      .update(requests)
      .set({ response: response as object })
      .where(eq(requests.requestId, requestId));
    return response;
  });
}

/** Two projects may choose the same id; neither hears of it. */
function ofScope(requestId: string): string {
  const { scope } = callerNow();
  if (scope === undefined) return requestId;
  return `${scope}/${createHash('sha256').update(`${scope}/${requestId}`).digest('hex')}`;
}
