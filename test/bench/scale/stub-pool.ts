// A pool of rows without pixels, and campaigns on it that have come as far as the rating.
import type pg from 'pg';
import type { PoolRegistryClient } from '../../../proto/gen/cpral/v1/pool_registry.ts';
import { ObjectRef, Split } from '../../../proto/gen/cpral/v1/resources.ts';
import type { WorkQueueClient } from '../../../proto/gen/cpral/v1/work.ts';
import { call } from '../../../services/shared/grpc/client.ts';
import { presetConfig } from '../../support/campaign-config.ts';
import { finish, stubObject } from './stub-work.ts';

const VAL_IMAGES = 2;
export const INITIAL_IMAGES = 32;
const CREATE_DEADLINE_MS = 300_000;

/** @returns the id of a dataset with this many training images */
export async function insertDataset(sql: pg.Client, images: number): Promise<string> {
  const datasetId = `stub-${images}`;
  const classes = JSON.stringify({ classes: ['road', 'sky'].map((name) => ({ name, color: '#808080' })) });
  const { rows } = await sql.query<{ key: number }>(
    `insert into datasets (dataset_id, display_name, class_map, train_images, val_images)
     values ($1, 'Stub', $2, $3, $4) returning key`,
    [datasetId, classes, images, VAL_IMAGES],
  );
  const object = JSON.stringify(ObjectRef.toJSON(stubObject('image')));
  await sql.query(
    `insert into images (dataset_key, image_id, split, height, width, image, ground_truth)
     select $1, 'image-' || lpad(i::text, 8, '0'), case when i > $2 then $4::int else $5::int end, 12, 18, $3, $3
     from generate_series(1, $2::int + $6::int) i`,
    [rows[0]?.key, images, object, Split.SPLIT_VAL, Split.SPLIT_TRAIN, VAL_IMAGES],
  );
  await sql.query('vacuum analyze images');
  return datasetId;
}

interface Clients {
  readonly registry: PoolRegistryClient;
  readonly queue: WorkQueueClient;
}

export async function createCampaign(
  { registry }: Pick<Clients, 'registry'>,
  datasetId: string,
  campaignId: string,
  subsetImages: number,
): Promise<void> {
  const config = presetConfig({ initialImages: INITIAL_IMAGES, subsetImages, budgetImages: subsetImages / 2 });
  const request = { campaignId, datasetId, config, requestId: '', validateOnly: false };
  await call(registry.createCampaign.bind(registry), request, { deadlineMs: CREATE_DEADLINE_MS });
}

/** Initial labels and the first training by stubs. @returns milliseconds in which the step of rating was entered */
export async function reachRating(clients: Clients, campaignId: string): Promise<number> {
  await finish(clients, campaignId);
  return finish(clients, campaignId);
}
