// What changed between two looks at a campaign, in the terms of its steps. Pure.
import { type Campaign, CampaignState, CampaignStep } from '../../../proto/gen/cpral/v1/resources.ts';
import type { Amount } from './text.ts';

export type StepEvent =
  | { readonly kind: 'started'; readonly step: CampaignStep; readonly cycle: number; readonly title: string }
  | { readonly kind: 'moved'; readonly amount: Amount }
  | { readonly kind: 'finished'; readonly step: CampaignStep; readonly cycle: number }
  | { readonly kind: 'halted'; readonly message: string };

interface StepWords {
  readonly verb: string;
  readonly unit: string;
}

const WORDS: Partial<Record<CampaignStep, StepWords>> = {
  [CampaignStep.CAMPAIGN_STEP_INITIAL_LABELS]: { verb: 'initial labels', unit: 'images' },
  [CampaignStep.CAMPAIGN_STEP_TRAIN]: { verb: 'train', unit: 'steps' },
  [CampaignStep.CAMPAIGN_STEP_RATE]: { verb: 'rate images', unit: 'images' },
  [CampaignStep.CAMPAIGN_STEP_SELECT_CENTRES]: { verb: 'select images', unit: 'images' },
  [CampaignStep.CAMPAIGN_STEP_TRAIN_SAMPLER]: { verb: 'train sampler', unit: 'steps' },
  [CampaignStep.CAMPAIGN_STEP_FIND_REGIONS]: { verb: 'find regions', unit: 'images' },
  [CampaignStep.CAMPAIGN_STEP_ANNOTATE]: { verb: 'annotate', unit: 'images' },
  [CampaignStep.CAMPAIGN_STEP_EXTEND]: { verb: 'extend labels', unit: 'images' },
};

/** @param previous undefined at the first look */
export function stepEvents(previous: Campaign | undefined, next: Campaign): StepEvent[] {
  const events: StepEvent[] = [];
  const moved = previous === undefined || previous.step !== next.step || previous.cycle !== next.cycle;
  const under = (campaign: Campaign | undefined) => campaign !== undefined && WORDS[campaign.step] !== undefined;
  const advanced = moved || next.state === CampaignState.CAMPAIGN_STATE_SUCCEEDED;
  if (previous !== undefined && under(previous) && advanced) {
    events.push({ kind: 'finished', step: previous.step, cycle: previous.cycle });
  }
  const words = WORDS[next.step];
  const running = next.state === CampaignState.CAMPAIGN_STATE_RUNNING;
  if (words && running && (moved || previous.state !== next.state)) {
    events.push({ kind: 'started', step: next.step, cycle: next.cycle, title: titleOf(next, words) });
  }
  if (words && next.progress) events.push({ kind: 'moved', amount: amountOf(next, words) });
  if (previous?.state !== next.state && next.state !== CampaignState.CAMPAIGN_STATE_RUNNING) {
    const message = haltOf(next);
    if (message !== undefined) events.push({ kind: 'halted', message });
  }
  return events;
}

/** "cpral 2/4 train"; cycles count from 1 for people. */
function titleOf({ config, cycle }: Campaign, { verb }: StepWords): string {
  return `${config?.strategy ?? 'campaign'} ${cycle + 1}/${config?.cycles ?? '?'} ${verb}`;
}

/** Units where the work counts any, else its items. */
function amountOf({ progress }: Campaign, { unit }: StepWords): Amount {
  const { unitsDone, unitsTotal, itemsDone, itemsTotal } = progress!;
  return unitsTotal > 0
    ? { done: unitsDone, total: unitsTotal, unit }
    : { done: itemsDone, total: itemsTotal, unit: 'shards' };
}

function haltOf({ campaignId, state, error }: Campaign): string | undefined {
  if (state === CampaignState.CAMPAIGN_STATE_PAUSED)
    return `${campaignId} is paused; it goes on with: cpral campaign resume ${campaignId}`;
  if (state === CampaignState.CAMPAIGN_STATE_FAILED) return `${campaignId} failed: ${error}`;
  if (state === CampaignState.CAMPAIGN_STATE_CANCELLED) return `${campaignId} was cancelled`;
  return undefined;
}
