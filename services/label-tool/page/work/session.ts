// What the page is doing: asking for a name, waiting for a region, at work on one.
import { signal } from '@preact/signals';
import type { DraftStore } from '../client/draft-store.ts';
import { lease, releaseByBeacon } from '../client/label-client.ts';
import type { PixelThread } from '../client/pixel-thread.ts';
import { Refused, Unreachable } from '../client/request.ts';
import { beginWork, type Work } from './work.ts';

export type Phase =
  | { readonly kind: 'sign-in' }
  | { readonly kind: 'loading' }
  | { readonly kind: 'empty' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'working'; readonly work: Work };

export interface SessionPorts {
  readonly thread: PixelThread;
  readonly drafts: DraftStore;
  /** Of the annotator: kept for the next visit. */
  readonly names: Storage;
  /** Of this tab: the task that a reload goes on with. */
  readonly tab: Storage;
  readonly campaignId: string | null;
}

const NAME_KEY = 'cpral.annotator';
const TASK_KEY = 'cpral.task';
/** How often an empty queue is asked again. */
const ASK_AGAIN_MS = 15_000;

export type Session = ReturnType<typeof createSession>;

export function createSession({ thread, drafts, names, tab, campaignId }: SessionPorts) {
  const phase = signal<Phase>({ kind: 'sign-in' });
  const annotator = signal(names.getItem(NAME_KEY) ?? '');
  /** A sentence for the user about what was just done, or what stands in the way. */
  const notice = signal('');
  let waiting: ReturnType<typeof setTimeout>;
  let closed = false;

  async function next(): Promise<void> {
    clearTimeout(waiting);
    if (closed) return;
    // An empty queue that is asked again stays on the screen.
    if (phase.value.kind !== 'empty') phase.value = { kind: 'loading' };
    try {
      const taskId = tab.getItem(TASK_KEY);
      const task = await lease({
        annotator: annotator.value,
        ...(campaignId ? { campaignId } : {}),
        ...(taskId ? { taskId } : {}),
      });
      if (task && closed) return releaseByBeacon(task.taskId, task.etag);
      if (!task) {
        phase.value = { kind: 'empty' };
        if (closed) return;
        waiting = setTimeout(() => void next(), ASK_AGAIN_MS);
        return;
      }
      tab.setItem(TASK_KEY, task.taskId);
      const work = await beginWork(task, { thread, drafts });
      if (closed) return release(work);
      phase.value = { kind: 'working', work };
    } catch (error) {
      phase.value = { kind: 'failed', message: describe(error) };
    }
  }

  /** Ends a task by a change that the server must take. @returns whether it did */
  async function finish(change: () => Promise<void>, said: string): Promise<boolean> {
    try {
      await change();
    } catch (error) {
      notice.value = describe(error);
      return false;
    }
    tab.removeItem(TASK_KEY);
    notice.value = said;
    await next();
    return true;
  }

  function close(): void {
    closed = true;
    clearTimeout(waiting);
    if (phase.value.kind === 'working') release(phase.value.work);
  }

  return {
    phase,
    annotator,
    notice,
    next,
    async signIn(name: string): Promise<void> {
      annotator.value = name;
      names.setItem(NAME_KEY, name);
      await next();
    },
    signOut(): void {
      names.removeItem(NAME_KEY);
      annotator.value = '';
      if (phase.value.kind === 'working') release(phase.value.work);
      tab.removeItem(TASK_KEY);
      phase.value = { kind: 'sign-in' };
    },
    async submit(work: Work): Promise<boolean> {
      if (!(await work.autosave.flush())) {
        notice.value = 'The server does not have your labels yet. They are kept here: submit again in a moment.';
        return false;
      }
      return finish(() => work.submit(), 'Submitted.');
    },
    skip: (work: Work, reason: string) => finish(() => work.skip(reason), 'Skipped.'),
    /** Goes on without the task: somebody else has it, or it is over. */
    async leave(work: Work): Promise<void> {
      work.end();
      tab.removeItem(TASK_KEY);
      await next();
    },
    /** The page goes away: nothing can be waited for. */
    close,
    /** Another screen is shown: there is time to send what is not sent. */
    async leaveScreen(): Promise<void> {
      if (phase.value.kind === 'working') await phase.value.work.autosave.flush();
      close();
    },
  };
}

function release(work: Work): void {
  work.end();
  releaseByBeacon(work.task.taskId, work.link.etag());
}

export function describe(error: unknown): string {
  if (error instanceof Unreachable) return 'The server does not answer. What you labelled is kept in this browser.';
  if (error instanceof Refused)
    return `${error.problem.title}${error.problem.detail ? `: ${error.problem.detail}` : ''}`;
  return error instanceof Error ? error.message : String(error);
}
