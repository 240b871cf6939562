// What people answered, as it was kept when they submitted it.
import type { AnnotationTask } from '../../proto/gen/cpral/v1/oracle.ts';
import { about } from '../shared/about.ts';
import { invalid } from '../shared/errors.ts';
import { decodeMask } from '../shared/images/images.ts';
import type { LabelShape } from '../shared/labels/label-masks.ts';
import { NO_CLASS } from '../shared/labels/origins.ts';
import type { Annotation } from '../shared/labels/paint.ts';
import { checkWindow } from '../shared/labels/windows.ts';
import { readBlob } from '../shared/objects/blob.ts';
import type { ObjectReader } from '../shared/objects/object-store.ts';

/** In an answer: somebody looked, and no class fits. A label says the same by its origin. */
const IGNORED = 254;

/** @throws INVALID_ARGUMENT where an answer is not of its window's size, is not complete, or names a class that there is not */
export async function readAnswers(
  objects: ObjectReader,
  { imageId, answers }: Pick<AnnotationTask, 'imageId' | 'answers'>,
  { size, classCount }: LabelShape,
): Promise<Annotation[]> {
  const annotations: Annotation[] = [];
  for (const [i, answer] of answers.entries()) {
    const name = `answers[${i}] of ${imageId}`;
    if (!answer.window) throw invalid(`${name}: expected a window, got none`, { field: 'answers' });
    const window = checkWindow(answer.window, size, imageId);
    const { height, width, data } = await about(name, decodeMask(await readBlob(objects, answer.classes, name)));
    if (height !== window.height || width !== window.width) {
      throw invalid(`${name}: expected a mask of ${window.height}x${window.width}, got ${height}x${width}`, {
        field: 'answers',
      });
    }
    const wrong = data.find((id) => id >= classCount && id !== IGNORED);
    if (wrong !== undefined) {
      throw invalid(`${name}: expected classes below ${classCount} or ${IGNORED}, got ${wrong}`, { field: 'answers' });
    }
    annotations.push({ window, classes: data.map((id) => (id === IGNORED ? NO_CLASS : id)) });
  }
  return annotations;
}
