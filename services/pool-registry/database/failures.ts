// What went wrong between the registry and its database, and whether trying again can help. Errors arrive wrapped, so their causes
// are looked through.
import { CpralError, invalid } from '../../shared/errors.ts';

/** The transaction lost against another one and is rolled back whole. */
const CONFLICTS = new Set([
  '40001', // serialization_failure
  '40P01', // deadlock_detected
]);

/** The server is there and cannot, for now. */
const BUSY = new Set([
  '53300', // too_many_connections
  '55P03', // lock_not_available
  '57014', // query_canceled: the statement took too long
]);

/** The connection is gone or goes: restart, failover, a time limit. */
const ENDED = /^(08...|57P0[1-5]|25P03|25P04)$/;
const UNREACHABLE = /^(ECONN\w+|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/;
/** The driver's own sentences, which have no code. */
const DRIVER =
  /connection terminated|timeout exceeded when trying to connect|query read timeout|client was closed|not queryable/i;

/** The server has no memory or disk left, fails by itself, or is a standby for now. */
const IN_TROUBLE = /^(53...|58...|25006)$/;

export function isConflict(error: unknown): boolean {
  return causes(error).some(({ code }) => CONFLICTS.has(code));
}

/** The connection cannot be used again. */
export function isDisconnection(error: unknown): boolean {
  return causes(error).some(({ code, message }) => ENDED.test(code) || UNREACHABLE.test(code) || DRIVER.test(message));
}

/** Whatever was asked for, the database could not do it. */
export function isOutage(error: unknown): boolean {
  return isDisconnection(error) || causes(error).some(({ code }) => IN_TROUBLE.test(code));
}

/** What is at the bottom of it, without the statement and its parameters. */
export function rootMessage(error: unknown): string {
  return causes(error).at(-1)?.message ?? String(error);
}

/** A value that a column cannot hold, or that is no time or number: it came with the request. A division by zero would not have. */
const UNFIT = /^22(?!012)/;
/** As PGlite says it, which writes values itself. */
const UNFIT_SENTENCE = /^Invalid input for \w+/i;

/** A failure that passes becomes UNAVAILABLE, so that clients try again; anything else stays what it is. */
export function translated(error: unknown): unknown {
  if (error instanceof CpralError) return error;
  if (causes(error).some(({ code, message }) => UNFIT.test(code) || UNFIT_SENTENCE.test(message))) {
    return invalid('the request holds a value that is out of range, or of another form than expected', {
      cause: error,
    });
  }
  const passes = isConflict(error) || isDisconnection(error) || causes(error).some(({ code }) => BUSY.has(code));
  if (!passes) return error;
  return new CpralError('UNAVAILABLE', 'the database is not available for the moment: try again', {
    reason: 'DATABASE_UNAVAILABLE',
    cause: error,
  });
}

function causes(error: unknown): { code: string; message: string }[] {
  const found = [];
  for (let at = error; at instanceof Error && found.length < 8; at = at.cause) {
    const { code } = at as { code?: unknown };
    found.push({ code: typeof code === 'string' ? code : '', message: at.message });
    // Of a host with several addresses, all of which refused.
    if (at instanceof AggregateError) found.push(...at.errors.flatMap(causes));
  }
  return found;
}
