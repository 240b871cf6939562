// All that the promises are about, as it is committed, in one question.
import type { PipelinedClient } from './pipelined-client.ts';

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
}

export interface ItemSnapshot {
  readonly cycle: number;
  readonly step: number;
  readonly kind: string;
  readonly state: string;
  /** By which transaction, the last time. */
  readonly written: string;
}

export interface Snapshot {
  readonly campaigns: readonly CampaignSnapshot[];
  /** Events that wait for the relay: subject by id. */
  readonly events: Readonly<Record<string, string>>;
  /** Rows of the outbox. */
  readonly waiting: number;
}

/** A table's rows as one JSON object by campaign. */
const QUESTIONS = {
  campaigns: `select campaign_id, json_build_object('id', campaign_id, 'state', state, 'step', step, 'cycle', cycle,
    'version', version, 'error', error) as content from campaigns`,
  pool_items: `select campaign_id, json_object_agg(image_id, state) as content from pool_items group by campaign_id`,
  labels: `select campaign_id, json_object_agg(image_id || '/' || cycle, json_build_array(jsonb_hash_extended(masks, 0)::text, labelled_pixels))
    as content from labels group by campaign_id`,
  work_items: `select campaign_id, json_object_agg(item_id, json_build_object('cycle', cycle, 'step', step, 'kind', kind,
    'state', state, 'written', xmin::text)) as content from work_items group by campaign_id`,
  regions: `select campaign_id, json_object_agg(cycle, pixels) as content from (select campaign_id, cycle,
    sum(unlabelled_pixels) as pixels from regions where rank is not null group by campaign_id, cycle) picked group by campaign_id`,
  outbox: `select subject as campaign_id, json_object_agg(id, work_kind) as content from outbox group by subject`,
} as const;

type Table = keyof typeof QUESTIONS;
type Contents = Map<string, unknown>;

/** Takes snapshots of one seed. Only tables that were written are read again. */
export function snapshots(client: PipelinedClient): (written: ReadonlySet<string>) => Promise<Snapshot> {
  const tables = Object.keys(QUESTIONS) as Table[];
  const contents = new Map<Table, Contents>(tables.map((table) => [table, new Map()]));

  return async (written) => {
    const asked = tables.filter((table) => written.has(table));
    const answers = asked.length > 0 ? await client.askAll(asked.map((table) => ({ sql: QUESTIONS[table] }))) : [];
    for (const [i, { rows }] of answers.entries()) {
      const byCampaign = (rows as { campaign_id: string; content: unknown }[]).map(
        (row) => [row.campaign_id, row.content] as const,
      );
      contents.set(asked[i]!, new Map(byCampaign));
    }
    return assemble(contents);
  };
}

function assemble(contents: ReadonlyMap<Table, Contents>): Snapshot {
  const of = (table: Table, campaignId: string) => contents.get(table)?.get(campaignId) ?? {};
  const events: Record<string, string> = {};
  let waiting = 0;
  for (const [subject, rows] of contents.get('outbox') ?? [])
    for (const [id, workKind] of Object.entries(rows as Record<string, string | null>)) {
      waiting++;
      if (workKind === null) events[id] = subject;
    }
  const campaigns = [...(contents.get('campaigns')?.keys() ?? [])].map((id) => ({
    ...of('campaigns', id),
    pool: of('pool_items', id),
    labels: of('labels', id),
    items: of('work_items', id),
    spent: of('regions', id),
  }));
  return { campaigns: campaigns as CampaignSnapshot[], events, waiting };
}

/** What a campaign selected, labelled, learnt and paid: what faults must not change. */
export interface Outcome {
  readonly state: number;
  readonly picked: readonly unknown[];
  readonly ratings: readonly unknown[];
  readonly labels: readonly unknown[];
  readonly cycles: readonly unknown[];
  readonly weights: readonly unknown[];
  readonly pool: readonly unknown[];
}

const OUTCOME = `select json_build_object(
  'state', (select state from campaigns where campaign_id = $1),
  'picked', coalesce((select json_agg(json_build_array(cycle, rank, image_id, top, "left", score, unlabelled_pixels)
    order by cycle, rank) from regions where campaign_id = $1 and rank is not null), '[]'),
  'ratings', (select json_agg(json_build_array(cycle, image_id, rating, subset_rank) order by cycle, image_id)
    from ratings where campaign_id = $1),
  'labels', (select json_agg(json_build_array(image_id, cycle, masks, labelled_pixels, void_pixels, extended_pixels)
    order by image_id, cycle) from labels where campaign_id = $1),
  'cycles', (select json_agg(json_build_array(cycle, labelled, model_id, evaluation, loss, quality) order by cycle)
    from cycles where campaign_id = $1),
  'weights', (select json_agg(json_build_array(cycle, model->'weights') order by cycle) from models where campaign_id = $1),
  'pool', (select json_agg(json_build_array(image_id, state) order by image_id) from pool_items where campaign_id = $1)
) as outcome`;

export async function readOutcome(client: PipelinedClient, campaignId: string): Promise<Outcome> {
  const { rows } = await client.ask({ sql: OUTCOME, params: [campaignId] });
  return (rows[0] as { outcome: Outcome }).outcome;
}
