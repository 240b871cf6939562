// Labels windows from ground truth, the true classes with the mistakes asked for, or enters what people answered; all else stays as it was.
import type { AnnotateResult, AnnotateSpec } from '../../proto/gen/cpral/v1/oracle.ts';
import { NoiseUnit } from '../../proto/gen/cpral/v1/resources.ts';
import { checkClassCount, checkSize } from '../shared/check-spec.ts';
import type { ComputeContext } from '../shared/compute/compute.ts';
import { invalid } from '../shared/errors.ts';
import { readGroundTruth } from '../shared/labels/ground-truth.ts';
import { readLabel, storeLabel } from '../shared/labels/label-masks.ts';
import { isAnnotation, NO_CLASS, ORIGIN_HUMAN } from '../shared/labels/origins.ts';
import { type Annotation, paintAnnotations } from '../shared/labels/paint.ts';
import type { PixelLabel } from '../shared/labels/pixel-label.ts';
import { checkWindow, cropWindow, type Window } from '../shared/labels/windows.ts';
import { seededRandom } from '../shared/random.ts';
import { readAnswers } from './answers.ts';
import { addNoise, type NoiseOptions } from './noise.ts';

/** Mistakes are drawn from (seed, image id, window): the same window is answered alike, whatever shard it comes in. */
export default async function annotate(spec: AnnotateSpec, context: ComputeContext): Promise<AnnotateResult> {
  const shape = { size: checkSize(spec.size), classCount: checkClassCount(spec.classCount) };
  const { noise, origin, seed } = spec;
  const unit = unitOf(spec.noiseUnit);
  if (!(noise >= 0 && noise <= 1)) {
    throw invalid(`noise: expected a share from 0 to 1, got ${noise}`, { field: 'noise' });
  }
  if (!isAnnotation(origin)) {
    throw invalid(`origin: expected initial, oracle or human, got ${origin}`, { field: 'origin' });
  }

  const answerWindow = (imageId: string, window: Window, truth: Uint8Array): Annotation => {
    const { top, left, height, width } = window;
    const random = seededRandom('oracle-noise', seed, imageId, top, left, height, width);
    const classes = cropWindow(truth, shape.size.width, window);
    const options = { noise, classCount: shape.classCount, unit, random };
    return { window, classes: addNoise(classes, window, options) };
  };

  const labels: AnnotateResult['labels'] = [];
  const counts = new Array<number>(NO_CLASS + 1).fill(0);
  for (const [index, task] of spec.tasks.entries()) {
    const windows = task.windows.map((window) => checkWindow(window, shape.size, task.imageId));
    const former = await readLabel(context.objects, task, shape);
    if (origin === ORIGIN_HUMAN) {
      const label = paintAnnotations(former, await readAnswers(context.objects, task, shape), origin);
      countNewClasses(label.classes, { former, label }, counts);
      labels.push(await storeLabel(context.objects, task.imageId, label));
    } else {
      const truth = await readGroundTruth(context.objects, task, shape);
      const annotations = windows.map((window) => answerWindow(task.imageId, window, truth));
      const label = paintAnnotations(former, annotations, origin);
      countNewClasses(truth, { former, label }, counts);
      labels.push(await storeLabel(context.objects, task.imageId, label));
    }
    context.progress({ unitsDone: index + 1, unitsTotal: spec.tasks.length, message: `annotated ${task.imageId}` });
  }

  return {
    labels,
    quality: {
      pickedPixels: BigInt(counts.reduce((sum, count) => sum + count, 0)),
      classPixels: counts.slice(0, shape.classCount).map(BigInt),
      voidPixels: BigInt(counts[NO_CLASS]!),
    },
  };
}

function unitOf(unit: NoiseUnit): NoiseOptions['unit'] {
  switch (unit) {
    case NoiseUnit.NOISE_UNIT_UNSPECIFIED:
    case NoiseUnit.NOISE_UNIT_SEGMENT:
      return 'segment';
    case NoiseUnit.NOISE_UNIT_PIXEL:
      return 'pixel';
    default:
      throw invalid(`noise_unit: expected segment or pixel, got ${unit}`, { field: 'noise_unit' });
  }
}

/** Adds the classes of the pixels that are annotated now and were not before, the true ones where they are known: what was paid for. */
function countNewClasses(
  truth: Uint8Array,
  { former, label }: { readonly former: PixelLabel; readonly label: PixelLabel },
  counts: number[],
): void {
  for (let pixel = 0; pixel < truth.length; pixel++) {
    if (isAnnotation(label.origins[pixel]!) && !isAnnotation(former.origins[pixel]!)) counts[truth[pixel]!]!++;
  }
}
