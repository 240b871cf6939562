// Imports a dataset from a stream: rows gather under a key that nobody sees, and get their id, the digest of the content, at the end.
import { createHash } from 'node:crypto';
import { asc, eq, sql } from 'drizzle-orm';
import type {
  DatasetDescription,
  ImportDatasetRequest,
  ImportDatasetResponse,
  ImportImage,
} from '../../../proto/gen/cpral/v1/pool_registry.ts';
import { type Blob, ClassMap, ObjectRef, Split } from '../../../proto/gen/cpral/v1/resources.ts';
import { CpralError, invalid } from '../../shared/errors.ts';
import { decodeMask, readHeader } from '../../shared/images/images.ts';
import { readBlob } from '../../shared/objects/blob.ts';
import type { RegistryContext } from '../context.ts';
import { bytewise } from '../database.ts';
import { publishEvent } from '../outbox.ts';
import { datasets, images } from '../schema.ts';
import { toDataset } from './datasets.ts';

const ROWS_PER_INSERT = 200;
const MAX_CLASSES = 255;
const IMAGE_ID = /^[A-Za-z0-9._/-]{1,200}$/;
const UNLABELLED = 255;

type ImageRow = typeof images.$inferInsert;

export async function importDataset(
  context: RegistryContext,
  requests: AsyncIterable<ImportDatasetRequest>,
): Promise<ImportDatasetResponse> {
  const parts = requests[Symbol.asyncIterator]();
  const first = await parts.next();
  const description = checkDescription(first.done ? undefined : first.value);
  const [staged] = await context.db
    .insert(datasets)
    .values({
      displayName: description.displayName,
      classMap: ClassMap.toJSON(description.classMap ?? { classes: [] }),
    })
    .returning({ key: datasets.key });
  const key = staged?.key ?? 0;
  try {
    await stageImages(context, key, description, { [Symbol.asyncIterator]: () => parts });
    return await publish(context, key, description);
  } catch (error) {
    await context.db.delete(datasets).where(eq(datasets.key, key));
    throw error;
  }
}

function checkDescription(request: ImportDatasetRequest | undefined): DatasetDescription {
  if (request?.part?.$case !== 'description') {
    throw invalid('description: expected it as the first message of the stream', { field: 'description' });
  }
  const { displayName, classMap } = request.part.value;
  if (!displayName)
    throw invalid('description.display_name: expected a name, got nothing', { field: 'description.display_name' });
  const count = classMap?.classes.length ?? 0;
  if (count < 2 || count > MAX_CLASSES) {
    throw invalid(`description.class_map: expected 2 to ${MAX_CLASSES} classes, got ${count}`, {
      field: 'description.class_map',
    });
  }
  return request.part.value;
}

async function stageImages(
  context: RegistryContext,
  datasetKey: number,
  description: DatasetDescription,
  requests: AsyncIterable<ImportDatasetRequest>,
): Promise<void> {
  let rows: ImageRow[] = [];
  const flush = async () => {
    if (rows.length > 0) await insertRows(context, rows);
    rows = [];
  };
  for await (const { part } of requests) {
    if (part?.$case !== 'image') throw invalid('image: expected images after the description', { field: 'image' });
    rows.push(await checkImage(context, datasetKey, description, part.value));
    if (rows.length >= ROWS_PER_INSERT) await flush();
  }
  await flush();
}

async function insertRows({ db }: RegistryContext, rows: ImageRow[]): Promise<void> {
  const inserted = await db.insert(images).values(rows).onConflictDoNothing().returning({ imageId: images.imageId });
  if (inserted.length === rows.length) return;
  const kept = new Set(inserted.map((row) => row.imageId));
  const twice = rows.find((row) => !kept.delete(row.imageId));
  throw invalid(`image_id "${twice?.imageId}": expected each id once, got it twice`, { field: 'image.image_id' });
}

async function checkImage(
  { objects }: RegistryContext,
  datasetKey: number,
  { classMap }: DatasetDescription,
  { imageId, split, image, groundTruth }: ImportImage,
): Promise<ImageRow> {
  if (!IMAGE_ID.test(imageId)) {
    throw invalid(`image_id "${imageId.slice(0, 80)}": expected 1 to 200 letters, digits, ".", "_", "-" or "/"`, {
      field: 'image.image_id',
    });
  }
  if (split !== Split.SPLIT_TRAIN && split !== Split.SPLIT_VAL) {
    throw invalid(`image "${imageId}": expected the split TRAIN or VAL, got ${split}`, { field: 'image.split' });
  }
  if (split === Split.SPLIT_VAL && !groundTruth) {
    throw invalid(`image "${imageId}": a validation image needs ground truth`, { field: 'image.ground_truth' });
  }
  try {
    const store = async (blob: Blob | undefined, field: string) => {
      const bytes = await readBlob(objects, blob, field);
      return { bytes, ref: blob?.source?.$case === 'object' ? blob.source.value : await objects.put(bytes) };
    };
    const picture = await store(image, 'image.image');
    const { height, width } = await readHeader(picture.bytes);
    const truth = groundTruth && (await store(groundTruth, 'image.ground_truth'));
    if (truth) await checkMask(truth.bytes, { height, width }, classMap?.classes.length ?? 0);
    const row = { datasetKey, imageId, split, height, width, image: ObjectRef.toJSON(picture.ref) };
    return truth ? { ...row, groundTruth: ObjectRef.toJSON(truth.ref) } : row;
  } catch (cause) {
    if (!(cause instanceof CpralError)) throw cause;
    throw new CpralError(cause.code, `image "${imageId}": ${cause.message}`, {
      field: cause.field ?? 'image',
      reason: cause.reason,
      cause,
    });
  }
}

async function checkMask(
  bytes: Uint8Array,
  image: { height: number; width: number },
  classCount: number,
): Promise<void> {
  const mask = await decodeMask(bytes);
  if (mask.height !== image.height || mask.width !== image.width) {
    throw invalid(
      `ground truth: expected the image's size ${image.height}x${image.width}, got ${mask.height}x${mask.width}`,
      { field: 'image.ground_truth' },
    );
  }
  const outside = mask.data.find((id) => id >= classCount && id !== UNLABELLED);
  if (outside !== undefined) {
    throw invalid(`ground truth: expected class ids 0 to ${classCount - 1} or 255, got ${outside}`, {
      field: 'image.ground_truth',
    });
  }
}

async function publish(
  { db }: RegistryContext,
  key: number,
  description: DatasetDescription,
): Promise<ImportDatasetResponse> {
  return db.transaction(async (tx) => {
    const rows = await tx
      .select({ imageId: images.imageId, split: images.split, image: images.image, groundTruth: images.groundTruth })
      .from(images)
      .where(eq(images.datasetKey, key))
      .orderBy(asc(bytewise(images.imageId)));
    const trainImages = rows.filter((row) => row.split === Split.SPLIT_TRAIN).length;
    const valImages = rows.length - trainImages;
    if (trainImages === 0 || valImages === 0) {
      throw invalid(`dataset: expected images to train on and to validate with, got ${trainImages} and ${valImages}`, {
        field: 'image',
      });
    }
    const datasetId = contentId(description, rows);
    // The second of two equal imports waits here, and then finds the first one.
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${datasetId}, 0))`);
    const [existing] = await tx.select().from(datasets).where(eq(datasets.datasetId, datasetId)).for('update');
    if (existing) {
      await tx.delete(datasets).where(eq(datasets.key, key));
      return { dataset: toDataset(existing), existed: true };
    }
    const [row] = await tx
      .update(datasets)
      .set({ datasetId, trainImages, valImages })
      .where(eq(datasets.key, key))
      .returning();
    await publishEvent(tx, 'cpral.dataset.imported', datasetId, { datasetId, trainImages, valImages });
    return { dataset: row && toDataset(row), existed: false };
  });
}

interface Content {
  readonly imageId: string;
  readonly split: number;
  readonly image: unknown;
  readonly groundTruth: unknown;
}

/** The name as a slug, and eight digits of the digest over classes and images. */
function contentId({ displayName, classMap }: DatasetDescription, rows: readonly Content[]): string {
  const hash = createHash('sha256').update(JSON.stringify(classMap?.classes.map(({ name }) => name)));
  for (const { imageId, split, image, groundTruth } of rows) {
    const truth = groundTruth ? ObjectRef.fromJSON(groundTruth).digest : '';
    hash.update(`\n${imageId} ${split} ${ObjectRef.fromJSON(image).digest} ${truth}`);
  }
  const slug =
    displayName
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 40) || 'dataset';
  return `${slug}-${hash.digest('hex').slice(0, 8)}`;
}
