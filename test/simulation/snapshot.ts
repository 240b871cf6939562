// All that the promises are about, as it is committed, in one question.
import type { PGlite } from '@electric-sql/pglite';

export interface CampaignSnapshot {
  readonly id: string;
  readonly state: number;
  readonly step: number;
  readonly cycle: number;
  readonly version: number;
  readonly error: string;
  /** State by image. */
  readonly pool: Readonly<Record<string, number>>;
  /** Digest and labelled pixels by image and cycle. */
  readonly labels: Readonly<Record<string, readonly [digest: string, labelledPixels: number]>>;
  readonly items: Readonly<Record<string, ItemSnapshot>>;
  /** Unlabelled pixels that were picked, by cycle. */
  readonly spent: Readonly<Record<string, number>>;
  /** Seconds that were committed, by cycle and phase. */
  readonly seconds: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export interface ItemSnapshot {
  readonly cycle: number;
  readonly step: number;
  readonly kind: string;
  readonly state: string;
  readonly attempts: number;
  readonly result: string | null;
  readonly seconds: number;
}

export interface Snapshot {
  readonly campaigns: readonly CampaignSnapshot[];
  /** Events that wait for the relay: subject by id. */
  readonly events: Readonly<Record<string, string>>;
  readonly messages: number;
}

const SNAPSHOT = `
  select json_build_object(
    'events', coalesce((select json_object_agg(id, subject) from outbox where event_type is not null), '{}'),
    'messages', (select count(*) from outbox),
    'campaigns', coalesce((select json_agg(json_build_object(
      'id', campaign_id, 'state', state, 'step', step, 'cycle', cycle, 'version', version, 'error', error,
      'pool', (select json_object_agg(image_id, state) from pool_items where pool_items.campaign_id = campaigns.campaign_id),
      'labels', coalesce((select json_object_agg(image_id || '/' || cycle, json_build_array(md5(masks::text), labelled_pixels))
        from labels where labels.campaign_id = campaigns.campaign_id), '{}'),
      'items', coalesce((select json_object_agg(item_id, json_build_object('cycle', cycle, 'step', step, 'kind', kind,
        'state', state, 'attempts', attempts, 'result', md5(result::text), 'seconds', compute_seconds))
        from work_items where work_items.campaign_id = campaigns.campaign_id), '{}'),
      'spent', coalesce((select json_object_agg(cycle, pixels) from (select cycle, sum(unlabelled_pixels) as pixels from regions
        where regions.campaign_id = campaigns.campaign_id and rank is not null group by cycle) picked), '{}'),
      'seconds', coalesce((select json_object_agg(cycle, seconds) from cycles
        where cycles.campaign_id = campaigns.campaign_id), '{}')
    )) from campaigns), '[]')) as snapshot`;

export async function takeSnapshot(client: Pick<PGlite, 'query'>): Promise<Snapshot> {
  const { rows } = await client.query<{ snapshot: Snapshot }>(SNAPSHOT);
  return rows[0]!.snapshot;
}

/** What a campaign selected, labelled, learnt and paid: what faults must not change. */
export async function readOutcome(client: Pick<PGlite, 'query'>, campaignId: string): Promise<unknown> {
  const { rows } = await client.query<{ outcome: unknown }>(
    `select json_build_object(
      'regions', (select json_agg(json_build_array(cycle, rank, image_id, top, "left", score, unlabelled_pixels)
        order by cycle, rank, image_id, top, "left") from regions where campaign_id = $1),
      'ratings', (select json_agg(json_build_array(cycle, image_id, rating, subset_rank) order by cycle, image_id)
        from ratings where campaign_id = $1),
      'labels', (select json_agg(json_build_array(image_id, cycle, masks, labelled_pixels, void_pixels, extended_pixels)
        order by image_id, cycle) from labels where campaign_id = $1),
      'cycles', (select json_agg(json_build_array(cycle, labelled, model_id, evaluation, loss, seconds, quality) order by cycle)
        from cycles where campaign_id = $1),
      'models', (select json_agg(json_build_array(cycle, model->'weights') order by cycle) from models where campaign_id = $1),
      'pool', (select json_agg(json_build_array(image_id, state) order by image_id) from pool_items where campaign_id = $1)
    ) as outcome`,
    [campaignId],
  );
  return rows[0]!.outcome;
}
