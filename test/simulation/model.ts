// A model of the pool and of its campaigns. It sees every committed state, one after the other, and says where a promise breaks.
import { CampaignState, CampaignStep, PoolState } from '../../proto/gen/cpral/v1/resources.ts';
import type { BusEvent } from '../../services/shared/bus/bus.ts';
import { Broken } from './broken.ts';
import type { CampaignLimits } from './scenario.ts';
import type { CampaignSnapshot, ItemSnapshot, Snapshot } from './snapshot.ts';

const { CAMPAIGN_STATE_SUCCEEDED, CAMPAIGN_STATE_FAILED, CAMPAIGN_STATE_CANCELLED } = CampaignState;
const {
  CAMPAIGN_STEP_ANNOTATE,
  CAMPAIGN_STEP_INITIAL_LABELS,
  CAMPAIGN_STEP_TRAIN,
  CAMPAIGN_STEP_RATE,
  CAMPAIGN_STEP_SELECT_CENTRES,
  CAMPAIGN_STEP_TRAIN_SAMPLER,
  CAMPAIGN_STEP_FIND_REGIONS,
  CAMPAIGN_STEP_EXTEND,
  CAMPAIGN_STEP_DONE,
} = CampaignStep;

export interface Model {
  observe(snapshot: Snapshot): void;
  /** An event that the bus accepted. */
  hear(event: BusEvent): void;
  campaign(campaignId: string): CampaignSnapshot | undefined;
  /** Whether nothing waits to be told. */
  isTold(): boolean;
}

export function poolModel(limits: ReadonlyMap<string, CampaignLimits>): Model {
  let last = new Map<string, CampaignSnapshot>();
  const committedEvents = new Map<string, string>();
  const heard = new Map<string, number[]>();
  let waiting = 0;

  return {
    observe({ campaigns, events, waiting: rows }) {
      waiting = rows;
      for (const [id, subject] of Object.entries(events)) committedEvents.set(id, subject);
      const seen = new Map(campaigns.map((campaign) => [campaign.id, campaign]));
      for (const id of last.keys()) ensure(seen.has(id), `campaign ${id} is gone`);
      for (const [id, campaign] of seen) {
        checkState(campaign, limits.get(id));
        const before = last.get(id);
        if (before) checkChange(before, campaign);
      }
      last = seen;
    },
    hear({ id: eventId, subject }) {
      // Its row in the outbox, behind its time.
      const id = eventId.split('-').at(-1)!;
      ensure(committedEvents.has(id), `event ${id} of ${subject} is told before it is true`);
      const ofSubject = heard.get(subject) ?? [];
      heard.set(subject, ofSubject);
      if (ofSubject.includes(Number(id))) return;
      ensure(Number(id) > (ofSubject.at(-1) ?? 0), `event ${id} of ${subject} is told after event ${ofSubject.at(-1)}`);
      ofSubject.push(Number(id));
    },
    campaign: (campaignId) => last.get(campaignId),
    isTold() {
      if (waiting > 0) return false;
      for (const [id, subject] of committedEvents)
        ensure(heard.get(subject)?.includes(Number(id)), `event ${id} of ${subject} is never told`);
      return true;
    },
  };
}

function ensure(holds: unknown, claim: string): void {
  if (!holds) throw new Broken(claim);
}

/** What must hold in every committed state. */
function checkState(campaign: CampaignSnapshot, limits: CampaignLimits | undefined): void {
  const { id, pool, cycle, step } = campaign;
  if (!limits) throw new Broken(`campaign ${id} was not asked for`);
  ensure(campaign.state !== CAMPAIGN_STATE_FAILED, `${id}: fails, and no work of it does: ${campaign.error}`);
  const images = Object.entries(pool);
  ensure(images.length === limits.poolImages, `${id}: the pool has ${images.length} of ${limits.poolImages} images`);
  const newest = newestLabels(campaign);
  for (const [image, state] of images) {
    if (state === PoolState.POOL_STATE_IN_ANNOTATION) continue;
    const expected = stateOf(newest.get(image) ?? 0, limits.imagePixels);
    ensure(state === expected, `${id}: ${image} is in state ${state} and its label in state ${expected}`);
  }
  for (const [inCycle, pixels] of Object.entries(campaign.spent))
    ensure(pixels <= limits.cyclePixels, `${id}: cycle ${inCycle} picks ${pixels} of ${limits.cyclePixels} pixels`);
  const labelled = [...newest.values()].reduce((sum, pixels) => sum + pixels, 0);
  const paid = limits.initialImages * limits.imagePixels + (cycle + 1) * limits.cyclePixels;
  ensure(labelled <= paid, `${id}: ${labelled} pixels are labelled and ${paid} paid`);
  for (const [itemId, item] of Object.entries(campaign.items)) {
    const present = item.cycle === cycle && item.step === step;
    ensure(present || item.state === 'done', `${id}: left ${itemId} behind, ${item.state}`);
  }
}

/** What may lead from one committed state to the next. */
function checkChange(before: CampaignSnapshot, after: CampaignSnapshot): void {
  const { id } = after;
  ensure(after.version >= before.version, `${id}: its version falls from ${before.version} to ${after.version}`);
  const moved = after.step !== before.step || after.cycle !== before.cycle;
  ensure(!moved || after.version > before.version, `${id}: moves without a new version`);
  ensure(isLegal(before, after), `${id}: goes from ${placeOf(before)} to ${placeOf(after)}`);
  const ended = before.state === CAMPAIGN_STATE_SUCCEEDED || before.state === CAMPAIGN_STATE_CANCELLED;
  ensure(!ended || after.state === before.state, `${id}: goes on after its end`);
  for (const [itemId, item] of Object.entries(before.items)) checkItem(itemId, item, after.items[itemId]);
  for (const [key, [digest, pixels]] of Object.entries(before.labels)) {
    const now = after.labels[key];
    ensure(now, `${id}: the label ${key} is lost`);
    const extended = before.step === CAMPAIGN_STEP_EXTEND && key.endsWith(`/${before.cycle}`) && now![1] === pixels;
    ensure(now![0] === digest || extended, `${id}: the label ${key} changes`);
  }
  ensure(
    !ended || JSON.stringify(after.labels) === JSON.stringify(before.labels),
    `${id}: is labelled after it was stopped`,
  );
}

function checkItem(itemId: string, before: ItemSnapshot, after: ItemSnapshot | undefined): void {
  if (!after) throw new Broken(`work item ${itemId} is gone`);
  ensure(before.state !== 'cancelled' || after.state === 'cancelled', `${itemId}: was cancelled and is ${after.state}`);
  if (before.state !== 'done') return;
  ensure(after.state === 'done', `${itemId}: was done and is ${after.state}`);
  ensure(after.written === before.written, `${itemId}: is committed twice`);
}

/** One commit may pass several steps: those without work. */
/** Steps of a cycle in their order; some may be skipped. */
const ORDER: readonly number[] = [
  CAMPAIGN_STEP_INITIAL_LABELS,
  CAMPAIGN_STEP_TRAIN,
  CAMPAIGN_STEP_RATE,
  CAMPAIGN_STEP_SELECT_CENTRES,
  CAMPAIGN_STEP_TRAIN_SAMPLER,
  CAMPAIGN_STEP_FIND_REGIONS,
  CAMPAIGN_STEP_ANNOTATE,
  CAMPAIGN_STEP_EXTEND,
  CAMPAIGN_STEP_DONE,
];

function isLegal(before: CampaignSnapshot, after: CampaignSnapshot): boolean {
  const [from, to] = [ORDER.indexOf(before.step), ORDER.indexOf(after.step)];
  if (before.cycle === after.cycle) return to >= from;
  const afterTraining = from >= ORDER.indexOf(CAMPAIGN_STEP_RATE);
  return after.cycle === before.cycle + 1 && afterTraining && after.step === CAMPAIGN_STEP_TRAIN;
}

function placeOf({ cycle, step }: CampaignSnapshot): string {
  return step === CAMPAIGN_STEP_DONE ? 'its end' : `cycle ${cycle}, step ${step}`;
}

function newestLabels({ labels }: CampaignSnapshot): Map<string, number> {
  const newest = new Map<string, { cycle: number; pixels: number }>();
  for (const [key, [, pixels]] of Object.entries(labels)) {
    const [image = '', cycle] = key.split('/');
    if (Number(cycle) >= (newest.get(image)?.cycle ?? 0)) newest.set(image, { cycle: Number(cycle), pixels });
  }
  return new Map([...newest].map(([image, { pixels }]) => [image, pixels]));
}

function stateOf(labelledPixels: number, imagePixels: number): PoolState {
  if (labelledPixels === 0) return PoolState.POOL_STATE_UNLABELLED;
  return labelledPixels < imagePixels ? PoolState.POOL_STATE_PARTLY_LABELLED : PoolState.POOL_STATE_FULLY_LABELLED;
}
