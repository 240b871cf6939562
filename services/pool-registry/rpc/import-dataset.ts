// Imports a dataset from a stream: rows gather under a key that nobody sees, and get their id, the digest of the content, at the end.
import { createHash } from 'node:crypto';
import { and, eq, gt, sql } from 'drizzle-orm';
import type {
  DatasetDescription,
  ImportDatasetRequest,
  ImportDatasetResponse,
  ImportImage,
} from '../../../proto/gen/cpral/v1/pool_registry.ts';
import { ClassMap, ObjectRef, Split } from '../../../proto/gen/cpral/v1/resources.ts';
import { invalid } from '../../shared/errors.ts';
import { callerNow } from '../../shared/identity/caller.ts';
import { idInProject } from '../../shared/identity/project.ts';
import { pagesOf, shardsOf } from '../campaign/shards.ts';
import type { RegistryContext } from '../context.ts';
import { analyzeAfter } from '../database/statistics.ts';
import type { Transaction } from '../database.ts';
import { publishEvent } from '../outbox.ts';
import { datasets, images } from '../schema.ts';
import { imageChecker } from './check-image.ts';
import { toDataset } from './datasets.ts';

const ROWS_PER_INSERT = 200;
const ROWS_PER_PAGE = 2_000;
const MAX_CLASSES = 255;
/** Their files are in memory together. */
const CHECKED_AT_ONCE = 8;

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
    const { dataset, existed } = await publish(context, key, description);
    const count = (dataset?.trainImages ?? 0) + (dataset?.valImages ?? 0);
    if (!existed) await analyzeAfter(context, images, count);
    return { dataset, existed };
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
  const check = imageChecker(context.objects, description.classMap?.classes.length ?? 0);
  let rows: ImageRow[] = [];
  for await (const parts of shardsOf(imagesOf(requests), CHECKED_AT_ONCE)) {
    const checked = await Promise.allSettled(parts.map(check));
    for (const result of checked) {
      // The first in the order of the stream, whichever failed first.
      if (result.status === 'rejected') throw result.reason;
      rows.push({ datasetKey, ...result.value });
    }
    if (rows.length < ROWS_PER_INSERT) continue;
    await insertRows(context, rows);
    rows = [];
  }
  if (rows.length > 0) await insertRows(context, rows);
}

async function* imagesOf(requests: AsyncIterable<ImportDatasetRequest>): AsyncGenerator<ImportImage[]> {
  for await (const { part } of requests) {
    if (part?.$case !== 'image') throw invalid('image: expected images after the description', { field: 'image' });
    yield [part.value];
  }
}

async function insertRows({ db }: RegistryContext, rows: ImageRow[]): Promise<void> {
  const inserted = await db.insert(images).values(rows).onConflictDoNothing().returning({ imageId: images.imageId });
  if (inserted.length === rows.length) return;
  const kept = new Set(inserted.map((row) => row.imageId));
  const twice = rows.find((row) => !kept.delete(row.imageId));
  throw invalid(`image_id "${twice?.imageId}": expected each id once, got it twice`, { field: 'image.image_id' });
}

async function publish(
  { db }: RegistryContext,
  key: number,
  description: DatasetDescription,
): Promise<ImportDatasetResponse> {
  return db.transaction(async (tx) => {
    const { datasetId, trainImages, valImages } = await contentOf(tx, key, description);
    if (trainImages === 0 || valImages === 0) {
      throw invalid(`dataset: expected images to train on and to validate with, got ${trainImages} and ${valImages}`, {
        field: 'image',
      });
    }
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
  /** The name as a slug, and eight digits of the digest over classes and images. */
  readonly datasetId: string;
  readonly trainImages: number;
  readonly valImages: number;
}

async function contentOf(
  tx: Transaction,
  key: number,
  { displayName, classMap }: DatasetDescription,
): Promise<Content> {
  const hash = createHash('sha256').update(JSON.stringify(classMap?.classes.map(({ name }) => name)));
  let trainImages = 0;
  let valImages = 0;
  for await (const rows of contentPages(tx, key)) {
    for (const { imageId, split, image, groundTruth } of rows) {
      const truth = groundTruth ? ObjectRef.fromJSON(groundTruth).digest : '';
      hash.update(`\n${imageId} ${split} ${ObjectRef.fromJSON(image).digest} ${truth}`);
      if (split === Split.SPLIT_TRAIN) trainImages++;
      else valImages++;
    }
  }
  const name = `${slugOf(displayName)}-${hash.digest('hex').slice(0, 8)}`;
  return { datasetId: idInProject(callerNow().project, name), trainImages, valImages };
}

interface ContentRow {
  readonly imageId: string;
  readonly split: number;
  readonly image: unknown;
  readonly groundTruth: unknown;
}

function contentPages(tx: Transaction, key: number): AsyncIterable<ContentRow[]> {
  return pagesOf<ContentRow>((after) =>
    tx
      .select({ imageId: images.imageId, split: images.split, image: images.image, groundTruth: images.groundTruth })
      .from(images)
      .where(and(eq(images.datasetKey, key), after && gt(images.imageId, after.imageId)))
      .orderBy(images.imageId)
      .limit(ROWS_PER_PAGE),
  );
}

function slugOf(displayName: string): string {
  const slug = displayName
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return slug || 'dataset';
}
