// The reviewer's work: the queue, the label that is looked at, and what is said about it.
import { computed, signal } from '@preact/signals';
import { listSubmitted, listSuspicious, reviewTask } from '../client/dashboard-client.ts';
import { describeError } from '../client/describe-error.ts';
import { Refused } from '../client/request.ts';
import type { Loaded } from '../client/resource.ts';
import { say } from '../site/notice.tsx';
import { newRequestId } from '../work/request-id.ts';
import { type ReviewEntry, reviewQueue } from './review-queue.ts';

const NAME_KEY = 'cpral.annotator';
/** Statuses of a task that somebody else has changed, or may not be reviewed by this person. */
const OVERTAKEN = 412;

export type ReviewDesk = ReturnType<typeof createReviewDesk>;

export function createReviewDesk(campaignId: string | null, names: Storage) {
  const queue = signal<Loaded<readonly ReviewEntry[]>>({ kind: 'loading' });
  const chosenId = signal<string | undefined>(undefined);
  const reviewer = signal(names.getItem(NAME_KEY) ?? '');
  const busy = signal(false);
  const more = signal(false);
  /** Kept until it was answered: accepting again after a lost answer is the same acceptance. */
  const requestIds = new Map<string, string>();

  const entries = () => (queue.value.kind === 'ready' ? queue.value.value : []);
  const chosen = computed(() => entries().find(({ task }) => task.taskId === chosenId.value) ?? entries()[0]);

  async function reload(): Promise<void> {
    if (queue.value.kind !== 'ready') queue.value = { kind: 'loading' };
    try {
      const [submitted, suspicious] = await Promise.all([listSubmitted(campaignId), listSuspicious(campaignId)]);
      more.value = submitted.nextPageToken !== '';
      queue.value = { kind: 'ready', value: reviewQueue(submitted.tasks, suspicious.labels) };
    } catch (error) {
      queue.value = { kind: 'failed', message: describeError(error) };
    }
  }

  /** @param step 1 for the next in the list, -1 for the one before */
  function move(step: 1 | -1): void {
    const at = chosen.value ? entries().indexOf(chosen.value) : -1;
    const next = entries()[at + step];
    if (next) chosenId.value = next.task.taskId;
  }

  /** @returns whether the server took it */
  async function decide(accept: boolean, note: string): Promise<boolean> {
    const entry = chosen.value;
    if (!entry || busy.value) return false;
    if (!reviewer.value.trim()) {
      say('Type your name first: a decision has one.');
      return false;
    }
    const { task } = entry;
    const key = JSON.stringify([task.taskId, accept, note]);
    const requestId = requestIds.get(key) ?? newRequestId();
    requestIds.set(key, requestId);
    busy.value = true;
    try {
      await reviewTask(task, { requestId, accept, note, reviewer: reviewer.value.trim() });
      take(task.taskId);
      say(accept ? 'Accepted.' : `Sent back to ${task.annotator ?? 'its annotator'}.`);
      return true;
    } catch (error) {
      say(describeError(error));
      if (error instanceof Refused && error.problem.status === OVERTAKEN) await reload();
      return false;
    } finally {
      busy.value = false;
    }
  }

  /** Takes a decided task off the list and goes on with the one after it. */
  function take(taskId: string): void {
    const list = entries();
    const at = list.findIndex(({ task }) => task.taskId === taskId);
    chosenId.value = (list[at + 1] ?? list[at - 1])?.task.taskId;
    const left = list
      .filter(({ task }) => task.taskId !== taskId)
      .map((entry) => ({ ...entry, others: entry.others.filter((other) => other.taskId !== taskId) }));
    queue.value = { kind: 'ready', value: left };
    if (left.length === 0 && more.value) void reload();
  }

  return {
    queue,
    chosen,
    chosenId,
    reviewer,
    busy,
    reload,
    move,
    decide,
    rename(name: string): void {
      reviewer.value = name;
      names.setItem(NAME_KEY, name);
    },
  };
}
