// Labels windows from ground truth: the true classes with the mistakes asked for; all else stays as it was.
import type { AnnotateResult, AnnotateSpec, AnnotationTask } from '../../proto/gen/cpral/v1/oracle.ts';
import { about } from '../shared/about.ts';
import { checkClassCount, checkSize } from '../shared/check-spec.ts';
import type { ComputeContext } from '../shared/compute/compute.ts';
import { invalid } from '../shared/errors.ts';
import { decodeMask, type Size } from '../shared/images/images.ts';
import { readLabel, storeLabel } from '../shared/labels/label-masks.ts';
import { isAnnotation, NO_CLASS } from '../shared/labels/origins.ts';
import { type Annotation, paintAnnotations } from '../shared/labels/paint.ts';
import type { PixelLabel } from '../shared/labels/pixel-label.ts';
import { checkWindow, cropWindow, type Window } from '../shared/labels/windows.ts';
import { readBlob } from '../shared/objects/blob.ts';
import type { ObjectStore } from '../shared/objects/object-store.ts';
import { seededRandom } from '../shared/random.ts';
import { addNoise } from './noise.ts';

/** Mistakes are drawn from (seed, image id, window): the same window is answered alike, whatever shard it comes in. */
export default async function annotate(spec: AnnotateSpec, context: ComputeContext): Promise<AnnotateResult> {
  const shape = { size: checkSize(spec.size), classCount: checkClassCount(spec.classCount) };
  const { noise, origin, seed } = spec;
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
    const options = { noise, classCount: shape.classCount, unit: 'segment', random } as const;
    return { window, classes: addNoise(classes, window, options) };
  };

  const labels: AnnotateResult['labels'] = [];
  const trueCounts = new Array<number>(NO_CLASS + 1).fill(0);
  for (const [index, task] of spec.tasks.entries()) {
    const windows = task.windows.map((window) => checkWindow(window, shape.size, task.imageId));
    const truth = await readGroundTruth(context.objects, task, shape);
    const former = await readLabel(context.objects, task, shape);
    const annotations = windows.map((window) => answerWindow(task.imageId, window, truth));
    const label = paintAnnotations(former, annotations, origin);
    countNewClasses(truth, { former, label }, trueCounts);
    labels.push(await storeLabel(context.objects, task.imageId, label));
    context.progress({ unitsDone: index + 1, unitsTotal: spec.tasks.length, message: `annotated ${task.imageId}` });
  }

  return {
    labels,
    quality: {
      pickedPixels: BigInt(trueCounts.reduce((sum, count) => sum + count, 0)),
      classPixels: trueCounts.slice(0, shape.classCount).map(BigInt),
      voidPixels: BigInt(trueCounts[NO_CLASS]!),
    },
  };
}

/** @returns true classes at the campaign's size, H*W */
async function readGroundTruth(
  objects: ObjectStore,
  { imageId, groundTruth }: AnnotationTask,
  { size, classCount }: { size: Size; classCount: number },
): Promise<Uint8Array> {
  const name = `ground truth of ${imageId}`;
  const { data } = await about(name, decodeMask(await readBlob(objects, groundTruth, name), size));
  const wrong = data.find((id) => id >= classCount && id !== NO_CLASS);
  if (wrong !== undefined) {
    throw invalid(`${name}: expected classes below ${classCount} or ${NO_CLASS}, got ${wrong}`, {
      field: 'ground_truth',
    });
  }
  return data;
}

/** Adds the true classes of the pixels that are annotated now and were not before: what was paid for. */
function countNewClasses(
  truth: Uint8Array,
  { former, label }: { readonly former: PixelLabel; readonly label: PixelLabel },
  counts: number[],
): void {
  for (let pixel = 0; pixel < truth.length; pixel++) {
    if (isAnnotation(label.origins[pixel]!) && !isAnnotation(former.origins[pixel]!)) counts[truth[pixel]!]!++;
  }
}
