// Cycles whose numbers follow from how good their models are.
import type { CycleView, EvaluationView } from '../../../../../services/label-tool/dashboard-types.ts';
import { SCENE_CLASSES } from '../scene.ts';

const CLASSES = SCENE_CLASSES.length;
export const POOL_IMAGES = 367;
const POOL_PIXELS = POOL_IMAGES * 180 * 240;
/** What the classes have of the validation images. */
const CLASS_SHARE = [0.17, 0.22, 0.012, 0.31, 0.07, 0.11, 0.012, 0.03, 0.04, 0.016, 0.01];
const VAL_PIXELS = 101 * 180 * 240;

/** Each row of the confusion matrix has its class's pixels; of these as much is right as the model is good. */
export function makeEvaluation(quality: number): EvaluationView {
  const confusion = Array.from({ length: CLASSES * CLASSES }, (_, at) => {
    const [row, column] = [Math.floor(at / CLASSES), at % CLASSES];
    const pixels = CLASS_SHARE[row]! * VAL_PIXELS;
    const right = Math.min(0.97, quality * (0.55 + 0.45 * Math.sqrt(CLASS_SHARE[row]! / 0.31)) + 0.12);
    const spread = 1 - CLASS_SHARE[row]!;
    return Math.round(row === column ? pixels * right : (pixels * (1 - right) * CLASS_SHARE[column]!) / spread);
  });
  const rows = (row: number) => confusion.slice(row * CLASSES, (row + 1) * CLASSES).reduce((a, b) => a + b, 0);
  const columns = (column: number) =>
    confusion.reduce((sum, count, at) => sum + (at % CLASSES === column ? count : 0), 0);
  const iou = SCENE_CLASSES.map(({ id }) => {
    const right = confusion[id * CLASSES + id]!;
    return right / (rows(id) + columns(id) - right);
  });
  const right = SCENE_CLASSES.reduce((sum, { id }) => sum + confusion[id * CLASSES + id]!, 0);
  return {
    miou: iou.reduce((a, b) => a + b, 0) / CLASSES,
    iou,
    pixelAccuracy: right / confusion.reduce((a, b) => a + b, 0),
    confusion,
    predictedPixels: SCENE_CLASSES.map(({ id }) => columns(id)),
  };
}

export interface CycleOptions {
  readonly cycle: number;
  readonly quality: number;
  readonly people?: boolean;
  /** It has not picked yet. */
  readonly last?: boolean;
}

export function makeCycle({ cycle, quality, people = true, last = false }: CycleOptions): CycleView {
  const pixels = (40 + 20 * cycle) * 180 * 240;
  const rare = [0.6, 0.9, 2.6, 0.5, 1.2, 0.9, 2.9, 1.6, 1.7, 2.4, 2.8].map((factor, id) => factor * CLASS_SHARE[id]!);
  return {
    cycle,
    labelled: {
      images: 40 + 37 * cycle,
      regions: 1636 * cycle,
      pixels,
      voidPixels: Math.round(pixels * 0.03),
      fraction: pixels / POOL_PIXELS,
      extendedPixels: cycle === 0 ? 0 : 61_234 * cycle,
    },
    modelId: `model-${cycle}`,
    evaluation: makeEvaluation(quality),
    loss: 0.4 - 0.05 * cycle,
    subsetImages: 40,
    seconds: {
      train: 140.5 + 4 * cycle,
      rate: 31.25,
      select: 12.5,
      annotate: last ? 0 : 6,
      extend: last ? 0 : 9.75,
      measure: 3,
    },
    picks: last
      ? null
      : {
          pickedPixels: 20 * 180 * 240,
          classPixels: rare.map((share) => Math.round(share * 700_000)),
          voidPixels: 21_000,
          wrongPixels: 300_000,
        },
    cost:
      people && !last
        ? {
            tasks: 1636,
            activeSeconds: 5_400 - 600 * cycle,
            clicks: 9_120 - 700 * cycle,
            strokes: 3_210,
            pixels: 864_000,
          }
        : null,
  };
}
