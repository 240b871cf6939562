// One leased task under work: what connects its labelling with its draft, its lease and the server.
import { type Signal, signal } from '@preact/signals';
import type { AnnotationTask } from '../../api-types.ts';
import type { DraftStore } from '../client/draft-store.ts';
import { getTask, putDraft, renew, skip, submit } from '../client/label-client.ts';
import type { PixelThread } from '../client/pixel-thread.ts';
import { Refused } from '../client/request.ts';
import { createTaskLink, type TaskLink } from '../client/task-link.ts';
import { fingerprint } from '../geometry/fingerprint.ts';
import { type ActiveTime, createActiveTime } from './active-time.ts';
import { type Autosave, createAutosave } from './autosave.ts';
import { type KeptLease, keepLease } from './keep-lease.ts';
import { createLabelling, type Labelling } from './labelling.ts';
import { findDraft, loadPictures, type Pictures, serverDraft } from './prepare-work.ts';
import { newRequestId } from './request-id.ts';

/** The task has another tag than the one that was sent. */
const OVERTAKEN = 412;

export interface Work {
  readonly task: AnnotationTask;
  readonly pictures: Pictures;
  readonly labelling: Labelling;
  readonly autosave: Autosave;
  readonly lease: KeptLease;
  readonly activeTime: ActiveTime;
  readonly link: TaskLink;
  /** Grows with every step of the labelling. */
  readonly revision: Signal<number>;
  /** A step was made, taken back or repeated. */
  stepped(): void;
  submit(): Promise<void>;
  skip(reason: string): Promise<void>;
  /** Puts the server's draft over ours, as a step that can be undone. */
  takeTheirs(): Promise<void>;
  /** Sends ours over the server's, once its user has seen that there is another. */
  keepMine(): Promise<void>;
  end(): void;
}

export interface WorkPorts {
  readonly thread: PixelThread;
  readonly drafts: DraftStore;
}

export async function beginWork(task: AnnotationTask, { thread, drafts }: WorkPorts): Promise<Work> {
  const [pictures, start] = await Promise.all([loadPictures(task, thread), findDraft(task, thread, drafts)]);
  const labelling = createLabelling(start.mask, task.window, start.stored?.cuts);
  const activeTime = createActiveTime(start.stored?.cost);
  const link = createTaskLink(task.taskId, task.etag);
  const revision = signal(0);
  const requestIds = { submit: newRequestId(), skip: newRequestId() };
  /** Fingerprints of the draft that the server has, and of the one that it may have. */
  let base = start.stored && start.state !== 'saved' ? start.stored.base : start.base;
  let attempted = base;
  const { taskId, window } = task;

  const keep = (sent: boolean) =>
    drafts.put({
      taskId,
      mask: labelling.mask.slice(),
      cuts: labelling.cuts(),
      cost: activeTime.cost(),
      savedAtMs: Date.now(),
      sent,
      base,
    });
  const send = async () => {
    const mask = labelling.mask.slice();
    const png = await thread.run('encode', mask, window);
    attempted = fingerprint(mask);
    await change((etag) => putDraft(taskId, etag, png));
    base = attempted;
  };
  const autosave = createAutosave({ keep, send }, start.state);
  const lease = keepLease(
    task.leaseExpiresAt ?? new Date().toISOString(),
    () => change((etag) => renew(taskId, etag)),
    (status) => {
      autosave.state.value = status === OVERTAKEN ? 'conflict' : 'lost';
    },
  );
  if (start.state === 'saving') autosave.again();
  const online = () => {
    const { value } = autosave.state;
    if (value === 'offline' || value === 'unsafe') autosave.again();
  };
  addEventListener('online', online);

  /**
   * A change whose answer was lost gave the task a tag that nobody here knows, and the next one is refused. Where the task is still ours and
   * its draft is one of ours, there is no conflict: the tag is taken over.
   */
  async function change<Result extends { readonly etag: string } | undefined>(
    make: (etag: string) => Promise<Result>,
  ): Promise<Result> {
    try {
      return await link.change(make);
    } catch (error) {
      if (!(error instanceof Refused) || error.problem.status !== OVERTAKEN) throw error;
      const now = await getTask(taskId);
      const isOurs = now.state === 'leased' && now.annotator === task.annotator;
      const known = isOurs ? fingerprint(await serverDraft(now, thread)) : undefined;
      if (known !== base && known !== attempted) throw error;
      link.adopt(now.etag);
      return link.change(make);
    }
  }
  async function look(): Promise<Uint8Array> {
    const now = await getTask(taskId);
    const mask = await serverDraft(now, thread);
    link.adopt(now.etag);
    base = fingerprint(mask);
    return mask;
  }
  async function finish(end: (etag: string) => Promise<void>): Promise<void> {
    await change(async (etag) => {
      await end(etag);
      return undefined;
    });
    work.end();
    await drafts.remove(taskId);
  }

  const work: Work = {
    task,
    pictures,
    labelling,
    autosave,
    lease,
    activeTime,
    link,
    revision,
    stepped() {
      revision.value++;
      autosave.changed();
    },
    submit: () => finish((etag) => submit(taskId, etag, { requestId: requestIds.submit, cost: activeTime.cost() })),
    skip: (reason) => finish((etag) => skip(taskId, etag, { requestId: requestIds.skip, reason })),
    async takeTheirs() {
      labelling.replace(await look());
      revision.value++;
      autosave.again();
    },
    async keepMine() {
      await look();
      autosave.again();
    },
    end() {
      autosave.stop();
      lease.stop();
      removeEventListener('online', online);
    },
  };
  return work;
}
