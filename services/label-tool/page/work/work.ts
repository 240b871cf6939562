// One leased task under work: what connects its labelling with its draft, its lease and the server.
import { type Signal, signal } from '@preact/signals';
import type { AnnotationTask } from '../../api-types.ts';
import type { DraftStore } from '../client/draft-store.ts';
import { getBytes, getTask, putDraft, renew, skip, submit } from '../client/label-client.ts';
import type { PixelThread } from '../client/pixel-thread.ts';
import { Refused } from '../client/request.ts';
import { createTaskLink, type TaskLink } from '../client/task-link.ts';
import { fingerprint } from '../geometry/fingerprint.ts';
import { type ActiveTime, createActiveTime } from './active-time.ts';
import { type Autosave, createAutosave } from './autosave.ts';
import { type KeptLease, keepLease } from './keep-lease.ts';
import { createLabelling, type Labelling } from './labelling.ts';
import { findDraft, loadPictures, type Pictures } from './prepare-work.ts';
import { newRequestId } from './request-id.ts';

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
  let base = start.stored && start.state !== 'saved' ? start.stored.base : start.base;
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
    await link.change((etag) => putDraft(taskId, etag, png)).catch((error) => adoptIfEqual(error, mask));
    base = fingerprint(mask);
  };
  const autosave = createAutosave({ keep, send }, start.state);
  const lease = keepLease(
    task.leaseExpiresAt ?? new Date().toISOString(),
    () => link.change((etag) => renew(taskId, etag)),
    (status) => {
      autosave.state.value = status === 412 ? 'conflict' : 'lost';
    },
  );
  if (start.state === 'saving') autosave.again();
  const online = () => {
    if (autosave.state.value === 'offline') autosave.again();
  };
  addEventListener('online', online);

  /** Of a send whose answer was lost the server has the draft, and the next one meets a tag that is its own. */
  async function adoptIfEqual(error: unknown, sent: Uint8Array): Promise<void> {
    if (!(error instanceof Refused) || error.problem.status !== 412) throw error;
    const { task: now, mask } = await theirs();
    const ours = now.state === 'leased' && now.annotator === task.annotator;
    if (!ours || !mask?.every((id, at) => id === sent[at])) throw error;
    link.adopt(now.etag);
  }
  async function theirs() {
    const now = await getTask(taskId);
    const mask = now.pictures.draft && (await thread.run('decode', await getBytes(now.pictures.draft), window));
    return { task: now, mask: mask || undefined };
  }
  async function finish(change: (etag: string) => Promise<void>): Promise<void> {
    await link.change(async (etag) => {
      await change(etag);
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
      const { task: now, mask } = await theirs();
      link.adopt(now.etag);
      if (mask) labelling.replace(mask);
      revision.value++;
      autosave.again();
    },
    async keepMine() {
      link.adopt((await getTask(taskId)).etag);
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
