// Who may change a task: whoever has it, and knows it as it is.
import { CpralError } from '../../shared/errors.ts';
import { callerNow } from '../../shared/identity/caller.ts';
import { etagOf, type TaskRow } from './task-row.ts';

/**
 * @param etag empty: whatever it is
 * @throws FAILED_PRECONDITION where nobody has the task any more, ABORTED where it changed since
 */
export function requireHeld(task: TaskRow, etag: string): void {
  if (task.state !== 'leased') {
    throw new CpralError(
      'FAILED_PRECONDITION',
      `annotation task "${task.taskId}": the lease is lost, it is ${task.state}`,
      {
        reason: 'LEASE_LOST',
      },
    );
  }
  const caller = callerNow();
  if (caller.kind !== 'owner' && caller.subject !== task.annotator) {
    throw new CpralError('FAILED_PRECONDITION', `annotation task "${task.taskId}": somebody else has it`, {
      reason: 'LEASE_LOST',
    });
  }
  requireEtag(task, etag);
}

/** @throws ABORTED where the task changed since */
export function requireEtag(task: TaskRow, etag: string): void {
  if (etag === '' || etag === etagOf(task)) return;
  throw new CpralError('ABORTED', `annotation task "${task.taskId}": expected etag "${etagOf(task)}", got "${etag}"`, {
    field: 'etag',
    reason: 'ETAG_MISMATCH',
  });
}
