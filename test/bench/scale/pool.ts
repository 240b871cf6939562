// A pool of a million images: imported by a stream, entered by a step, counted, paged, and the best of it picked.
import { setTimeout as sleep } from 'node:timers/promises';
import { type CallOptions, Metadata } from '@grpc/grpc-js';
import type { ImportDatasetRequest, ImportDatasetResponse } from '../../../proto/gen/cpral/v1/pool_registry.ts';
import { type ObjectRef, PoolState, Split } from '../../../proto/gen/cpral/v1/resources.ts';
import { call } from '../../../services/shared/grpc/client.ts';
import { clientStream } from '../../../services/shared/grpc/client-stream.ts';
import { encodeMask, encodeRgb } from '../../../services/shared/images/images.ts';
import { refBlob } from '../../../services/shared/objects/blob.ts';
import { type Deployment, withDeployment } from './deployment.ts';
import { atMost, type Measure, quantile, shown } from './measure.ts';
import { watchMemory } from './processes.ts';
import { createCampaign, reachRating } from './stub-pool.ts';
import { finish, openItems } from './stub-work.ts';

const GOALS = { importSeconds: 600, pickSeconds: 1, pageMs: 50, growthMib: 64 };
/** Files that the rows share; each was uploaded before and is read from the store as if it were new. */
const OBJECTS = 500;
const VAL_IMAGES = 2;
const SIZE = { height: 12, width: 18 };
const SUBSET_IMAGES = 400;
const REPEATS = 40;
const DEADLINE_MS = 3_600_000;
const CAMPAIGN = 'pool';

export function poolBench({ images }: { images: number }): AsyncGenerator<Measure> {
  return withDeployment(async function* (deployment) {
    const datasetId = yield* importPool(deployment, images);
    yield* enterRating(deployment, datasetId, images);
    yield* readPool(deployment, datasetId, images);
    yield* pickSubset(deployment);
    yield* pickRegions(deployment, images);
  });
}

async function* importPool({ registry, registryPid }: Deployment, images: number): AsyncGenerator<Measure, string> {
  const options: Partial<CallOptions> = { deadline: Date.now() + DEADLINE_MS };
  const upload = (bytes: Uint8Array) =>
    clientStream<{ chunk: Uint8Array }, { object: ObjectRef | undefined }>(
      (done) => registry.uploadObject(new Metadata(), options, done),
      [{ chunk: bytes }],
      new AbortController().signal,
    );
  const pictures: ObjectRef[] = [];
  for (let i = 0; i < Math.min(OBJECTS, images); i++) pictures.push((await upload(await picture(i))).object!);
  const truth = (await upload(await encodeMask({ ...SIZE, data: new Uint8Array(SIZE.height * SIZE.width) }))).object!;

  const [client, server] = [watchMemory(process.pid), watchMemory(registryPid)];
  const start = performance.now();
  const { dataset } = await clientStream<ImportDatasetRequest, ImportDatasetResponse>(
    (done) => registry.importDataset(new Metadata(), options, done),
    parts(images, pictures, truth),
    new AbortController().signal,
  );
  const seconds = (performance.now() - start) / 1_000;
  const [ofClient, ofServer] = [client(), server()];
  yield atMost(`import of ${images} images by a stream`, seconds, 's', GOALS.importSeconds);
  yield atMost('import, growth of the client', ofClient.growthMib, 'MiB', GOALS.growthMib);
  yield atMost('import, growth of the registry', ofServer.growthMib, 'MiB', GOALS.growthMib);
  yield shown('import, peak of the registry', ofServer.peakMib, 'MiB');
  return dataset?.datasetId ?? '';
}

function picture(seed: number): Promise<Uint8Array> {
  const data = Uint8Array.from({ length: SIZE.height * SIZE.width * 3 }, (_, i) => (i * 7 + seed) % 256);
  data.set([seed % 256, seed >> 8]);
  return encodeRgb({ ...SIZE, data });
}

function* parts(images: number, pictures: readonly ObjectRef[], truth: ObjectRef): Generator<ImportDatasetRequest> {
  const classes = ['road', 'sky'].map((name) => ({ name, color: '#808080' }));
  yield { part: { $case: 'description', value: { displayName: 'Pool', classMap: { classes } } } };
  for (let i = 0; i < images + VAL_IMAGES; i++) {
    const value = {
      imageId: idOf(i),
      split: i < images ? Split.SPLIT_TRAIN : Split.SPLIT_VAL,
      image: refBlob(pictures[i % pictures.length]!),
      // Only validation reads it here, and the initial labels, which are stubs.
      groundTruth: refBlob(truth),
    };
    yield { part: { $case: 'image', value } };
  }
}

const idOf = (i: number) => `image-${String(i).padStart(8, '0')}`;

async function* enterRating(deployment: Deployment, datasetId: string, images: number): AsyncGenerator<Measure> {
  const start = performance.now();
  await createCampaign(deployment, datasetId, CAMPAIGN, Math.min(SUBSET_IMAGES, images / 2));
  yield shown('campaign created', (performance.now() - start) / 1_000, 's');
  await deployment.sql.query('vacuum analyze pool_items');
  const memory = watchMemory(deployment.registryPid);
  yield shown('step of rating entered', (await reachRating(deployment, CAMPAIGN)) / 1_000, 's');
  const { growthMib, peakMib } = memory();
  yield atMost('step of rating, growth of the registry', growthMib, 'MiB', GOALS.growthMib);
  yield shown('step of rating, peak of the registry', peakMib, 'MiB');
  await settled(deployment);
}

/** The relay publishes what the step left in the outbox. */
async function settled({ sql }: Deployment): Promise<void> {
  const start = performance.now();
  while (performance.now() - start < DEADLINE_MS) {
    const { rows } = await sql.query<{ waiting: number }>('select count(*)::int as waiting from outbox');
    if (rows[0]?.waiting === 0) break;
    await sleep(500);
  }
  // As the server's own housekeeping does within a minute.
  await sql.query('vacuum analyze work_items');
}

async function* readPool({ registry }: Deployment, datasetId: string, images: number): AsyncGenerator<Measure> {
  const settings = { deadlineMs: DEADLINE_MS };
  const pageToken = Buffer.from(JSON.stringify([idOf(Math.floor(images / 2))])).toString('base64url');
  const page = { state: PoolState.POOL_STATE_UNSPECIFIED, split: Split.SPLIT_UNSPECIFIED, pageToken };
  const list = registry.listPoolItems.bind(registry);
  const reads: [string, number, () => Promise<unknown>][] = [
    [
      'state of a campaign',
      1_000 * GOALS.pickSeconds,
      () => call(registry.getCampaign.bind(registry), { campaignId: CAMPAIGN }, settings),
    ],
    [
      'page of 50 of the pool',
      GOALS.pageMs,
      () => call(list, { ...page, campaignId: CAMPAIGN, pageSize: 50 }, settings),
    ],
    [
      'page of 50 of a state',
      GOALS.pageMs,
      () =>
        call(list, { ...page, state: PoolState.POOL_STATE_UNLABELLED, campaignId: CAMPAIGN, pageSize: 50 }, settings),
    ],
    [
      'page of 1000 of the pool',
      GOALS.pageMs,
      () => call(list, { ...page, campaignId: CAMPAIGN, pageSize: 1_000 }, settings),
    ],
    [
      'page of 50 of the dataset',
      GOALS.pageMs,
      () =>
        call(registry.listDatasetImages.bind(registry), { ...page, datasetId, pageSize: 50, imageIds: [] }, settings),
    ],
    [
      'page of 50 of the work items',
      GOALS.pageMs,
      () =>
        call(
          registry.listWorkItems.bind(registry),
          { campaignId: CAMPAIGN, states: [], pageSize: 50, pageToken: '' },
          settings,
        ),
    ],
  ];
  for (const [name, goalMs, read] of reads) {
    const times: number[] = [];
    for (let i = 0; i < REPEATS; i++) times.push(await timed(read));
    yield atMost(`${name}, median`, quantile(times, 0.5), 'ms', goalMs);
    yield shown(`${name}, minimum`, Math.min(...times), 'ms');
    yield shown(`${name}, worst of ${REPEATS}`, Math.max(...times), 'ms');
  }
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

/** Stub scores for all but one shard, and then that one: its commit enters the next step, which picks the subset. */
async function* pickSubset(deployment: Deployment): AsyncGenerator<Measure> {
  const { sql } = deployment;
  const [last] = await openItems(deployment, CAMPAIGN, 1);
  await sql.query(
    `insert into ratings (campaign_id, cycle, image_id, rating)
     select campaign_id, 0, image_id, ('x' || substr(md5(image_id), 1, 8))::bit(32)::bigint / 4294967296.0
     from pool_items where campaign_id = $1 and state = 1 and image_id not in (
       select image->>'imageId' from work_items, jsonb_array_elements(spec->'rate'->'images') image where item_id = $2)`,
    [CAMPAIGN, last],
  );
  await sql.query(`update work_items set state = 'done' where campaign_id = $1 and item_id <> $2`, [CAMPAIGN, last]);
  await sql.query('vacuum analyze ratings');
  await sql.query('vacuum analyze work_items');
  yield atMost(
    'panoptic subset picked, its step entered',
    (await finish(deployment, CAMPAIGN)) / 1_000,
    's',
    GOALS.pickSeconds,
  );
}

/** As many candidates as the pool has images, spread over the images of the subset. */
async function* pickRegions(deployment: Deployment, images: number): AsyncGenerator<Measure> {
  const { sql } = deployment;
  const [last] = await openItems(deployment, CAMPAIGN, 1);
  await sql.query(
    `insert into regions (campaign_id, cycle, image_id, top, "left", height, width, score, unlabelled_pixels)
     select campaign_id, 0, image_id, i / 1000, i % 1000, 5, 5,
       ('x' || substr(md5(image_id || i), 1, 8))::bit(32)::bigint / 4294967296.0, 1 + i % 25
     from ratings, generate_series(1, 1 + $2::int / (
       select count(*)::int from ratings where campaign_id = $1 and subset_rank is not null)) i
     where campaign_id = $1 and subset_rank is not null`,
    [CAMPAIGN, images],
  );
  await sql.query(`update work_items set state = 'done' where campaign_id = $1 and item_id <> $2`, [CAMPAIGN, last]);
  await sql.query('vacuum analyze regions');
  yield atMost(
    `top K of ${images} regions picked, its step entered`,
    (await finish(deployment, CAMPAIGN)) / 1_000,
    's',
    GOALS.pickSeconds,
  );
  await finish(deployment, CAMPAIGN);
}
