// One campaign, kept up to date by its events until it ends.
import { type Signal, signal } from '@preact/signals';
import type { CampaignDetail, CampaignSummary, Comparison, CycleView } from '../../../dashboard-types.ts';
import { eventsUrl, getCampaign, getComparison } from '../../client/dashboard-client.ts';
import { describeError } from '../../client/describe-error.ts';
import { type Live, openLive } from '../../client/live.ts';
import type { Loaded } from '../../client/resource.ts';

export interface CampaignFollower {
  readonly campaign: Signal<Loaded<CampaignDetail>>;
  /** What it is held against; undefined until it is known. */
  readonly comparison: Signal<Comparison | undefined>;
  readonly live: Live;
  reload(): Promise<void>;
  /** What a change of ours was answered with. */
  took(summary: CampaignSummary): void;
  close(): void;
}

export function followCampaign(campaignId: string): CampaignFollower {
  const campaign = signal<Loaded<CampaignDetail>>({ kind: 'loading' });
  const comparison = signal<Comparison | undefined>(undefined);
  /** What came by events while the campaign was on its way: it may be newer. */
  const early: ((known: CampaignDetail) => CampaignDetail)[] = [];
  const change = (next: (known: CampaignDetail) => CampaignDetail) => {
    if (campaign.value.kind === 'ready') campaign.value = { kind: 'ready', value: next(campaign.value.value) };
    else early.push(next);
  };
  const compare = async () => {
    // A curve without its company is still a curve.
    comparison.value = await getComparison(campaignId).catch(() => comparison.value);
  };
  const took = (summary: CampaignSummary) => change((known) => ({ ...known, ...summary }));
  const load = async () => {
    campaign.value = { kind: 'loading' };
    try {
      const answered = await getCampaign(campaignId);
      const value = early.splice(0).reduce((known, next) => next(known), answered);
      campaign.value = { kind: 'ready', value };
    } catch (error) {
      campaign.value = { kind: 'failed', message: describeError(error) };
    }
  };
  const live = openLive(eventsUrl(campaignId), {
    campaign: took,
    cycle: (cycle: CycleView) => change((known) => ({ ...known, cycleList: mergeCycles(known.cycleList, cycle) })),
  });
  return {
    campaign,
    comparison,
    live,
    reload: async () => void (await Promise.all([load(), compare()])),
    took,
    close: live.close,
  };
}

/** In order, the changed one in place of what it was. Pure. */
export function mergeCycles(known: readonly CycleView[], changed: CycleView): readonly CycleView[] {
  return [...known.filter(({ cycle }) => cycle !== changed.cycle), changed].sort((a, b) => a.cycle - b.cycle);
}
