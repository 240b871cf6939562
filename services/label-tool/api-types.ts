// What the labelling page and its server agree on: JSON under /api/v1, errors as problem details (RFC 9457), entity tags on tasks.
// Every change of a task carries If-Match; 412 says that the task moved on, 409 that its lease is somebody else's.

/** A pixel that nobody has labelled yet. */
export const UNLABELLED = 255;
/** A pixel that its annotator marked as not to be learned from. */
export const IGNORED = 254;

export interface TaskWindow {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

export interface TaskClass {
  readonly id: number;
  readonly name: string;
  /** As #rrggbb. */
  readonly color: string;
}

/** Addresses of this server. All but the image are 8-bit grey PNG at the task's size; of class ids, where 255 is none, but for entropy. */
export interface TaskPictures {
  readonly image: string;
  readonly label: string | null;
  readonly prediction: string | null;
  readonly entropy: string | null;
  /** Of the window alone, as it was put. */
  readonly draft: string | null;
}

export type TaskState = 'open' | 'leased' | 'submitted' | 'returned' | 'accepted' | 'skipped' | 'cancelled';

export interface AnnotationTask {
  readonly taskId: string;
  readonly etag: string;
  readonly campaignId: string;
  readonly cycle: number;
  readonly imageId: string;
  readonly kind: 'region' | 'image';
  /** In pixels at the campaign's size; the whole image for the kind 'image'. */
  readonly window: TaskWindow;
  /** Of the image at the campaign's size. */
  readonly size: { readonly height: number; readonly width: number };
  readonly state: TaskState;
  readonly annotator: string | null;
  /** ISO 8601. */
  readonly leaseExpiresAt: string | null;
  /** Why it was asked for, a sentence. */
  readonly reason: string;
  readonly score: number;
  readonly rank: number;
  /** Open tasks of the campaign. */
  readonly remaining: number;
  /** A reviewer sent it back. */
  readonly returned: { readonly note: string; readonly by: string } | null;
  readonly classes: readonly TaskClass[];
  readonly pictures: TaskPictures;
}

/** POST /tasks/lease: 200 with the next task, own returned ones first, or 204 where nothing waits. */
export interface LeaseRequest {
  readonly campaignId?: string;
  readonly annotator: string;
  /** After a reload: this task before any other, where nobody else has it. A server may pass over it. */
  readonly taskId?: string;
}

/** POST /tasks/:id/renew and PUT /tasks/:id/draft */
export interface LeaseRenewed {
  readonly leaseExpiresAt: string;
  readonly etag: string;
}

export interface DraftSaved {
  readonly etag: string;
}

export interface Cost {
  /** Seconds in which the annotator did something, or had done so less than 30 s before. */
  readonly activeSeconds: number;
  readonly clicks: number;
  readonly strokes: number;
}

/**
 * POST /tasks/:id/submit: uses the draft; 422 where a pixel of it is unlabelled. The same requestId gives the same answer, whatever the
 * entity tag: who asks again does not know that the first time changed it.
 */
export interface SubmitRequest {
  readonly requestId: string;
  readonly cost: Cost;
}

/** POST /tasks/:id/skip */
export interface SkipRequest {
  readonly requestId: string;
  readonly reason: string;
}

/**
 * POST /tasks/:id/release, also by a beacon, which has no headers: so the entity tag is in the body. A release whose tag is not the task's
 * changes nothing, or one that arrives late would take a lease that was made after it.
 */
export interface ReleaseRequest {
  readonly etag?: string;
}

/** Every answer that is not a success, as application/problem+json. */
export interface Problem {
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly field?: string;
  readonly reason?: string;
}
