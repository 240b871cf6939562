// What may be done to a task, when: the state machine of the contract.
import { type AnnotationTask, type Cost, UNLABELLED } from '../../../../services/label-tool/api-types.ts';
import { decodeMask } from '../../../../services/label-tool/page/geometry/mask-png.ts';
import { json, problem } from './label-server.ts';
import { drawScene, greyPng, SCENE_CLASSES, type Scene } from './scene.ts';

export interface Answer {
  readonly status: number;
  readonly type?: string;
  readonly body?: Buffer;
}

export interface StoredTask {
  task: AnnotationTask;
  readonly pictures: Readonly<Record<string, Uint8Array | undefined>>;
  readonly leaseMs: number;
  draft: Uint8Array | undefined;
  cost: Cost | undefined;
  skipReason: string | undefined;
  /** Answers by requestId. */
  readonly answers: Map<string, Answer>;
  /** Changes the task and its entity tag. */
  change(what: Partial<AnnotationTask>): void;
}

export interface TaskOptions {
  readonly taskId: string;
  readonly window: AnnotationTask['window'];
  readonly scene?: Scene;
  readonly returned?: AnnotationTask['returned'];
  readonly annotator?: string;
  readonly leaseMs?: number;
  readonly maps?: Readonly<Record<'label' | 'prediction' | 'entropy', Uint8Array | undefined>>;
  /** A mask of the window. */
  readonly draft?: Uint8Array;
  readonly reason?: string;
}

export function makeTask(options: TaskOptions): StoredTask {
  const { taskId, window, scene = drawScene(), returned = null, leaseMs = 600_000, maps } = options;
  const address = (name: string, there: unknown) => (there ? `/api/v1/tasks/${taskId}/${name}` : null);
  let version = 1;
  const stored: StoredTask = {
    task: {
      taskId,
      etag: `"${taskId}-1"`,
      campaignId: 'street-scenes',
      cycle: 3,
      imageId: '0001TP_006690',
      kind: window.height === scene.size.height ? 'image' : 'region',
      window,
      size: scene.size,
      state: returned ? 'returned' : 'open',
      annotator: options.annotator ?? null,
      leaseExpiresAt: null,
      reason: options.reason ?? 'The model’s votes disagree most here, between car and road.',
      score: 1.82,
      rank: 1,
      remaining: 1,
      returned,
      classes: SCENE_CLASSES,
      pictures: {
        image: `/api/v1/tasks/${taskId}/image`,
        label: address('label', maps?.label),
        prediction: address('prediction', maps?.prediction),
        entropy: address('entropy', maps?.entropy),
        draft: address('draft', options.draft),
      },
    },
    pictures: {
      image: scene.image,
      label: maps?.label && greyPng(maps.label, scene.size),
      prediction: maps?.prediction && greyPng(maps.prediction, scene.size),
      entropy: maps?.entropy && greyPng(maps.entropy, scene.size),
    },
    leaseMs,
    draft: options.draft && greyPng(options.draft, window),
    cost: undefined,
    skipReason: undefined,
    answers: new Map(),
    change(what) {
      stored.task = { ...stored.task, ...what, etag: `"${taskId}-${++version}"` };
    },
  };
  return stored;
}

export function changeTask(stored: StoredTask, action: string, etag: string | undefined, body: Buffer): Answer {
  if (action === 'release') return release(stored, JSON.parse(body.toString()).etag);
  const request = action === 'draft' ? undefined : (JSON.parse(body.toString()) as Record<string, unknown>);
  const earlier = stored.answers.get(String(request?.requestId));
  if (earlier) return earlier;
  if (stored.task.state !== 'leased') return problem(409, 'Lease lost', `the task is ${stored.task.state}`);
  if (etag !== stored.task.etag) return problem(412, 'Changed meanwhile', `expected ${stored.task.etag}, got ${etag}`);
  const answer = ACTIONS[action]?.(stored, body) ?? problem(404, 'No such action', action);
  if (request?.requestId && answer.status === 200) stored.answers.set(String(request.requestId), answer);
  return answer;
}

/** One whose tag is old comes from a page that went away before the task was leased anew. */
function release(stored: StoredTask, etag: string | undefined): Answer {
  if (stored.task.state === 'leased' && (etag === undefined || etag === stored.task.etag))
    stored.change({ state: 'open', annotator: null, leaseExpiresAt: null });
  return json(200, {});
}

const ACTIONS: Readonly<Record<string, (stored: StoredTask, body: Buffer) => Answer>> = {
  renew(stored) {
    const leaseExpiresAt = new Date(Date.now() + stored.leaseMs).toISOString();
    stored.change({ leaseExpiresAt });
    return json(200, { leaseExpiresAt, etag: stored.task.etag });
  },
  draft(stored, body) {
    stored.draft = body;
    decodeMask(body, stored.task.window);
    const { taskId, pictures } = stored.task;
    stored.change({ pictures: { ...pictures, draft: `/api/v1/tasks/${taskId}/draft` } });
    return json(200, { etag: stored.task.etag });
  },
  submit(stored, body) {
    const mask = stored.draft ? decodeMask(stored.draft, stored.task.window) : Uint8Array.of(UNLABELLED);
    if (mask.includes(UNLABELLED)) return problem(422, 'Not complete', 'some pixels have no label');
    stored.cost = JSON.parse(body.toString()).cost;
    stored.change({ state: 'submitted' });
    return json(200, stored.task);
  },
  skip(stored, body) {
    stored.skipReason = JSON.parse(body.toString()).reason;
    stored.change({ state: 'skipped' });
    return json(200, {});
  },
};
