// Drafts: masks of a window as people label it.
import { and, eq, inArray } from 'drizzle-orm';
import { ObjectRef } from '../../../proto/gen/cpral/v1/resources.ts';
import { about } from '../../shared/about.ts';
import { CpralError, invalid } from '../../shared/errors.ts';
import { decodeMask } from '../../shared/images/images.ts';
import { NO_CLASS } from '../../shared/labels/origins.ts';
import type { ObjectReader } from '../../shared/objects/object-store.ts';
import type { Database, Transaction } from '../database.ts';
import { images } from '../schema.ts';
import type { TaskRow } from './task-row.ts';

/** "Ignore": somebody looked, and no class fits. */
export const IGNORED = 254;

/**
 * @returns class ids of the window, row-major, 254 ignored, NO_CLASS not labelled yet
 * @throws INVALID_ARGUMENT where the mask is none of the window's size and the dataset's classes
 */
export async function readDraft(
  objects: ObjectReader,
  draft: ObjectRef,
  { task, classCount }: { readonly task: TaskRow; readonly classCount: number },
): Promise<Uint8Array> {
  const { height, width, data } = await about('draft', decodeMask(await objects.get(draft)));
  if (height !== task.height || width !== task.width) {
    throw wrong(`a mask of the window's ${task.height}x${task.width}`, `${height}x${width}`);
  }
  const unknown = data.find((id) => id >= classCount && id !== IGNORED && id !== NO_CLASS);
  if (unknown !== undefined) throw wrong(`classes below ${classCount}, ${IGNORED} or ${NO_CLASS}`, `${unknown}`);
  return data;
}

/** @throws FAILED_PRECONDITION while a pixel has no label */
export function requireComplete(classes: Uint8Array): void {
  const missing = classes.reduce((count, id) => count + (id === NO_CLASS ? 1 : 0), 0);
  if (missing === 0) return;
  const what =
    missing === classes.length
      ? 'none of its pixels has a label'
      : `${missing} of its ${classes.length} pixels have no label`;
  throw new CpralError('FAILED_PRECONDITION', `draft: expected a label for every pixel of the window, ${what}`, {
    field: 'draft',
    reason: 'INCOMPLETE',
  });
}

/** The true classes of an image, where they are known. */
export async function truthOf(
  db: Database | Transaction,
  datasetKey: number,
  imageId: string,
): Promise<ObjectRef | undefined> {
  const [row] = await db
    .select({ groundTruth: images.groundTruth })
    .from(images)
    .where(and(eq(images.datasetKey, datasetKey), inArray(images.imageId, [imageId])));
  return row?.groundTruth ? ObjectRef.fromJSON(row.groundTruth) : undefined;
}

const wrong = (expected: string, got: string) => invalid(`draft: expected ${expected}, got ${got}`, { field: 'draft' });
