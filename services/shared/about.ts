// Says what a failed piece of work was about, where the work itself could not know.
import { CpralError } from './errors.ts';

/** Waits for work; a CpralError that it ends with gets the subject before its sentence. */
export async function about<T>(subject: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (!(cause instanceof CpralError)) throw cause;
    throw new CpralError(cause.code, `${subject}: ${cause.message}`, {
      reason: cause.reason,
      cause,
      ...(cause.field === undefined ? {} : { field: cause.field }),
    });
  }
}
