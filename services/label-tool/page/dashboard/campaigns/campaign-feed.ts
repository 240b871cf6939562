// All campaigns and the work of all workers, kept up to date by the server's events.
import { type Signal, signal } from '@preact/signals';
import type { CampaignSummary, WorkSummary } from '../../../dashboard-types.ts';
import { eventsUrl, listCampaigns } from '../../client/dashboard-client.ts';
import { describeError } from '../../client/describe-error.ts';
import { type Live, openLive } from '../../client/live.ts';
import type { Loaded } from '../../client/resource.ts';

export interface CampaignFeed {
  readonly campaigns: Signal<Loaded<readonly CampaignSummary[]>>;
  readonly work: Signal<WorkSummary | undefined>;
  /** Campaigns beyond these are there. */
  readonly nextPageToken: Signal<string>;
  readonly live: Live;
  reload(): Promise<void>;
  more(): Promise<void>;
  close(): void;
}

export function openCampaignFeed(): CampaignFeed {
  const campaigns = signal<Loaded<readonly CampaignSummary[]>>({ kind: 'loading' });
  const work = signal<WorkSummary | undefined>(undefined);
  const nextPageToken = signal('');
  /** What came by events before the list did: it is newer. */
  const early = new Map<string, CampaignSummary>();
  const live = openLive(eventsUrl(), {
    campaign(changed: CampaignSummary) {
      if (campaigns.value.kind === 'ready')
        campaigns.value = { kind: 'ready', value: mergeCampaigns(campaigns.value.value, [changed]) };
      else early.set(changed.campaignId, changed);
    },
    work(summary: WorkSummary) {
      work.value = summary;
    },
  });
  const load = async (pageToken?: string) => {
    try {
      const page = await listCampaigns(pageToken);
      const known = campaigns.value.kind === 'ready' ? campaigns.value.value : [];
      const merged = mergeCampaigns(mergeCampaigns(page.campaigns, known), [...early.values()]);
      early.clear();
      campaigns.value = { kind: 'ready', value: merged };
      nextPageToken.value = page.nextPageToken;
    } catch (error) {
      if (campaigns.value.kind !== 'ready') campaigns.value = { kind: 'failed', message: describeError(error) };
    }
  };
  return {
    campaigns,
    work,
    nextPageToken,
    live,
    async reload() {
      campaigns.value = { kind: 'loading' };
      await load();
    },
    more: () => load(nextPageToken.value),
    close: live.close,
  };
}

/** Newest first; of two with one id the second list's stays. Pure. */
export function mergeCampaigns(
  known: readonly CampaignSummary[],
  changed: readonly CampaignSummary[],
): readonly CampaignSummary[] {
  const byId = new Map([...known, ...changed].map((campaign) => [campaign.campaignId, campaign]));
  return [...byId.values()].sort((a, b) => b.createdAt.localeCompare(a.createdAt));
}
