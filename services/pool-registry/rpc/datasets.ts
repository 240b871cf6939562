// Datasets: reading what was imported.
import { and, desc, eq, gt, inArray, isNotNull, sql } from 'drizzle-orm';
import type {
  GetDatasetRequest,
  GetDatasetResponse,
  ListDatasetImagesRequest,
  ListDatasetImagesResponse,
  ListDatasetsRequest,
  ListDatasetsResponse,
} from '../../../proto/gen/cpral/v1/pool_registry.ts';
import { ClassMap, type Dataset, type DatasetImage, ObjectRef, Split } from '../../../proto/gen/cpral/v1/resources.ts';
import { checkEnum } from '../../shared/check-spec.ts';
import { CpralError } from '../../shared/errors.ts';
import { inScope } from '../access/scope.ts';
import type { RegistryContext } from '../context.ts';
import { bytewise, type Database, type Transaction } from '../database.ts';
import { datasets, images } from '../schema.ts';
import { checkNames, cutPage, readPage } from './pages.ts';

export async function getDataset(
  { db }: RegistryContext,
  { datasetId }: GetDatasetRequest,
): Promise<GetDatasetResponse> {
  return { dataset: toDataset(await findDataset(db, datasetId)) };
}

export async function listDatasets(
  { db }: RegistryContext,
  request: ListDatasetsRequest,
): Promise<ListDatasetsResponse> {
  const page = readPage(request);
  // Not by the key: from its numbers a project would learn how many datasets others have.
  const before =
    page.after &&
    sql`(${datasets.createTime}, ${datasets.datasetId}) < (${page.after[0]}::timestamptz, ${page.after[1]}::text)`;
  const found = await db
    .select({ row: datasets, time: sql<string>`${datasets.createTime}::text` })
    .from(datasets)
    .where(and(isNotNull(datasets.datasetId), inScope(datasets.datasetId), before))
    .orderBy(desc(datasets.createTime), desc(datasets.datasetId))
    .limit(page.limit + 1);
  const { rows, nextPageToken } = cutPage(found, page, ({ row, time }) => [time, row.datasetId ?? '']);
  return { datasets: rows.map(({ row }) => toDataset(row)), nextPageToken };
}

export async function listDatasetImages(
  { db }: RegistryContext,
  request: ListDatasetImagesRequest,
): Promise<ListDatasetImagesResponse> {
  const dataset = await findDataset(db, request.datasetId);
  const page = readPage(request);
  checkEnum('split', request.split, { values: Split, expected: 'a split, or none for all' });
  const imageIds = checkNames('image_ids', request.imageIds);
  const found = await db
    .select()
    .from(images)
    .where(
      and(
        eq(images.datasetKey, dataset.key),
        imageIds && inArray(images.imageId, [...imageIds]),
        request.split ? eq(images.split, request.split) : undefined,
        page.after ? gt(bytewise(images.imageId), sql`${page.after[0]}`) : undefined,
      ),
    )
    .orderBy(bytewise(images.imageId))
    .limit(page.limit + 1);
  const { rows, nextPageToken } = cutPage(found, page, (row) => [row.imageId]);
  return { images: rows.map(toImage), nextPageToken };
}

export async function findDataset(
  db: Database | Transaction,
  datasetId: string,
): Promise<typeof datasets.$inferSelect> {
  const [row] = await db.select().from(datasets).where(eq(datasets.datasetId, datasetId));
  if (!row) throw new CpralError('NOT_FOUND', `dataset "${datasetId}" does not exist`, { field: 'dataset_id' });
  return row;
}

export function toDataset(row: typeof datasets.$inferSelect): Dataset {
  return {
    datasetId: row.datasetId ?? '',
    displayName: row.displayName,
    classMap: ClassMap.fromJSON(row.classMap),
    trainImages: row.trainImages,
    valImages: row.valImages,
    createTime: row.createTime,
  };
}

function toImage(row: typeof images.$inferSelect): DatasetImage {
  return {
    imageId: row.imageId,
    split: row.split as Split,
    size: { height: row.height, width: row.width },
    image: ObjectRef.fromJSON(row.image),
    groundTruth: row.groundTruth ? ObjectRef.fromJSON(row.groundTruth) : undefined,
  };
}
