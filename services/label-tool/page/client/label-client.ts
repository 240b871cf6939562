// The calls that the page makes, by name.
import type {
  AnnotationTask,
  DraftSaved,
  LeaseRenewed,
  LeaseRequest,
  ReleaseRequest,
  SkipRequest,
  SubmitRequest,
} from '../../api-types.ts';
import { API, request } from './request.ts';

const NO_CONTENT = 204;

/** @returns undefined where nothing waits. Not repeated: a lost answer may have leased a task, which its timeout gives back */
export async function lease(body: LeaseRequest): Promise<AnnotationTask | undefined> {
  const response = await request(`${API}/tasks/lease`, { method: 'POST', json: body });
  return response.status === NO_CONTENT ? undefined : ((await response.json()) as AnnotationTask);
}

export async function getTask(taskId: string): Promise<AnnotationTask> {
  return (await (await request(pathOf(taskId))).json()) as AnnotationTask;
}

export async function renew(taskId: string, etag: string): Promise<LeaseRenewed> {
  return (await (await request(pathOf(taskId, 'renew'), { method: 'POST', json: {}, etag })).json()) as LeaseRenewed;
}

export async function putDraft(taskId: string, etag: string, png: Uint8Array<ArrayBuffer>): Promise<DraftSaved> {
  return (await (await request(pathOf(taskId, 'draft'), { method: 'PUT', png, etag })).json()) as DraftSaved;
}

export async function submit(taskId: string, etag: string, body: SubmitRequest): Promise<void> {
  await request(pathOf(taskId, 'submit'), { method: 'POST', json: body, etag, repeatable: true });
}

export async function skip(taskId: string, etag: string, body: SkipRequest): Promise<void> {
  await request(pathOf(taskId, 'skip'), { method: 'POST', json: body, etag, repeatable: true });
}

/** Gives the task back while the page goes away, when no request of the usual kind would be finished. */
export function releaseByBeacon(taskId: string, etag: string): void {
  const body: ReleaseRequest = { etag };
  navigator.sendBeacon(pathOf(taskId, 'release'), new Blob([JSON.stringify(body)], { type: 'application/json' }));
}

export async function getBytes(url: string): Promise<Uint8Array> {
  return new Uint8Array(await (await request(url)).arrayBuffer());
}

function pathOf(taskId: string, action?: string): string {
  return `${API}/tasks/${encodeURIComponent(taskId)}${action ? `/${action}` : ''}`;
}
