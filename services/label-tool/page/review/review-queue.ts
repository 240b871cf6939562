// What waits for a reviewer: labels that a confident model contradicts first, then the oldest. Pure.
import type { ReviewedTask, SuspiciousLabel } from '../../dashboard-types.ts';

export interface ReviewEntry {
  readonly task: ReviewedTask;
  /** How much a confident model contradicts it, 0 to 1; null where it was not found suspicious. */
  readonly disagreement: number | null;
  /** Other labels of the same window: second opinions. */
  readonly others: readonly ReviewedTask[];
}

export function reviewQueue(
  submitted: readonly ReviewedTask[],
  suspicious: readonly SuspiciousLabel[],
): readonly ReviewEntry[] {
  const disagreements = new Map(suspicious.map(({ task, disagreement }) => [task.taskId, disagreement]));
  // A suspicious label that is accepted already is nobody's work.
  const fromSuspicion = suspicious.map(({ task }) => task).filter(({ state }) => state === 'submitted');
  const tasks = new Map([...fromSuspicion, ...submitted].map((task) => [task.taskId, task]));
  const byWindow = Map.groupBy(tasks.values(), windowKey);
  return [...tasks.values()]
    .map((task) => ({
      task,
      disagreement: disagreements.get(task.taskId) ?? null,
      others: byWindow.get(windowKey(task))!.filter(({ taskId }) => taskId !== task.taskId),
    }))
    .sort(
      (a, b) => (b.disagreement ?? -1) - (a.disagreement ?? -1) || a.task.updatedAt.localeCompare(b.task.updatedAt),
    );
}

function windowKey({ campaignId, imageId, window: { top, left, height, width } }: ReviewedTask): string {
  return JSON.stringify([campaignId, imageId, top, left, height, width]);
}
