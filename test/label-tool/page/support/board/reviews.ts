// Labels that wait for a reviewer, and who made them.
import type {
  AnnotatorList,
  ReviewedTask,
  SuspiciousLabel,
} from '../../../../../services/label-tool/dashboard-types.ts';
import { entropyOf, predictionOf } from '../maps.ts';
import { drawScene, greyPng, SCENE_CLASSES, type Scene } from '../scene.ts';

export const WINDOW = { top: 84, left: 96, height: 64, width: 96 };

export interface TaskOptions {
  readonly taskId: string;
  readonly annotator: string;
  readonly imageId?: string;
  readonly purpose?: ReviewedTask['purpose'];
  /** How its label differs from the truth. */
  readonly wrong?: (id: number, at: number) => number;
  readonly updatedAt?: string;
}

export interface MadeTask {
  readonly task: ReviewedTask;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

export function makeReviewTask(options: TaskOptions): MadeTask {
  const { taskId, annotator, imageId = '0001TP_006690', purpose = 'label', wrong = (id) => id } = options;
  const scene = drawScene(10);
  const bytes = {
    image: scene.image,
    prediction: greyPng(predictionOf(scene), scene.size),
    entropy: greyPng(entropyOf(scene), scene.size),
    draft: greyPng(cut(scene).map(wrong), WINDOW),
  };
  const address = (name: string) => `/api/v1/tasks/${taskId}/${name}`;
  const task: ReviewedTask = {
    taskId,
    etag: `"${taskId}-1"`,
    campaignId: 'streets-cpral',
    cycle: 1,
    imageId,
    kind: 'region',
    window: WINDOW,
    size: scene.size,
    state: 'submitted',
    annotator,
    leaseExpiresAt: null,
    reason: 'Among the 3 % of windows in which the model is least sure.',
    score: 1.82,
    rank: 4,
    remaining: 0,
    returned: null,
    classes: SCENE_CLASSES,
    pictures: {
      image: address('image'),
      label: null,
      prediction: address('prediction'),
      entropy: address('entropy'),
      draft: address('draft'),
    },
    purpose,
    reviewer: null,
    cost: { tasks: 1, activeSeconds: 42, clicks: 17, strokes: 6, pixels: WINDOW.height * WINDOW.width },
    createdAt: '2026-11-20T09:00:00Z',
    updatedAt: options.updatedAt ?? '2026-11-20T09:30:00Z',
  };
  return { task, files: new Map(Object.entries(bytes).map(([name, png]) => [address(name), png])) };
}

function cut({ truth, size: { width } }: Scene): Uint8Array {
  return Uint8Array.from({ length: WINDOW.height * WINDOW.width }, (_, at) => {
    const [y, x] = [Math.floor(at / WINDOW.width), at % WINDOW.width];
    return truth[(WINDOW.top + y) * width + WINDOW.left + x]!;
  });
}

const CAR = 8;
const FENCE = 7;

/** The second is suspicious; the third is a second opinion of the first. */
export function makeReviews(): {
  readonly tasks: readonly MadeTask[];
  readonly suspicious: readonly SuspiciousLabel[];
} {
  const plain = makeReviewTask({ taskId: 'r1', annotator: 'Ada', updatedAt: '2026-11-20T09:10:00Z' });
  const odd = makeReviewTask({
    taskId: 'r2',
    annotator: 'Grace',
    imageId: '0006R0_f01290',
    wrong: (id) => (id === CAR ? FENCE : id),
  });
  const second = makeReviewTask({
    taskId: 'r3',
    annotator: 'Grace',
    purpose: 'second-opinion',
    wrong: (id, at) => (at % WINDOW.width < 30 ? 3 : id),
  });
  return { tasks: [plain, odd, second], suspicious: [{ task: odd.task, disagreement: 0.236 }] };
}

export const ANNOTATORS: AnnotatorList = {
  annotators: [
    {
      annotator: 'Ada',
      tasks: 812,
      activeSeconds: 4_872,
      clicks: 9_744,
      strokes: 2_436,
      pixels: 429_548,
      goldIou: 0.914,
      agreementIou: 0.882,
      returnedShare: 0.021,
    },
    {
      annotator: 'Grace',
      tasks: 790,
      activeSeconds: 6_320,
      clicks: 11_060,
      strokes: 3_160,
      pixels: 417_910,
      goldIou: null,
      agreementIou: 0.795,
      returnedShare: 0.125,
    },
  ],
};
