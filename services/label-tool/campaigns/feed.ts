// The list of campaigns, live: one poll of the registry for all that look, and none while nobody does. Running campaigns are asked every
// second; the whole list, for what others made or resumed, less often.
import { EventEmitter, once } from 'node:events';
import { systemClock } from '../../shared/clock.ts';
import type { Log } from '../../shared/log.ts';
import type { CampaignSummary } from '../dashboard-types.ts';
import { getCampaign, listCampaigns } from '../registry/ask-registry.ts';
import type { Registry } from '../registry/registry.ts';
import type { ServerEvent } from '../server/event-stream.ts';
import type { Summaries } from './summaries.ts';
import { readWorkSummary } from './work-summary.ts';

const TURN_MS = 1_000;
const TURNS_PER_LIST = 10;
const TURNS_PER_WORK = 3;
/** The newest ones; who wants older ones asks for pages. */
const WATCHED_CAMPAIGNS = 50;

export interface Feed {
  /** The list as it is, then every change of it, until the signal aborts. */
  events(signal: AbortSignal): AsyncGenerator<ServerEvent>;
  /** Something was made or resumed here: look at once. */
  refresh(): void;
}

export interface FeedOptions {
  readonly registry: Registry;
  readonly summaries: Summaries;
  readonly log: Log;
  readonly stopping: AbortSignal;
  readonly turnMs?: number;
}

export function createFeed({ registry, summaries, log, stopping, turnMs = TURN_MS }: FeedOptions): Feed {
  /** By event and id, as JSON: what each listener is brought up to. */
  const latest = new Map<string, string>();
  const campaigns = new Map<string, CampaignSummary>();
  const changes = new EventEmitter().setMaxListeners(0);
  let listeners = 0;
  let polling = false;
  let isListDue = true;

  async function poll(): Promise<void> {
    polling = true;
    for (let turn = 0; listeners > 0 && !stopping.aborted; turn++) {
      try {
        if (isListDue || turn % TURNS_PER_LIST === 0) await readList();
        else await readRunning();
        if (turn % TURNS_PER_WORK === 0) latest.set('work', JSON.stringify(await readWorkSummary(registry)));
      } catch (error) {
        // Listeners keep what they have; the registry may be starting again.
        log.warn({ err: error }, 'the list of campaigns could not be read');
      }
      changes.emit('change');
      await systemClock.sleep(turnMs, stopping);
    }
    polling = false;
  }

  async function readList(): Promise<void> {
    isListDue = false;
    const { campaigns: newest } = await listCampaigns(registry, { pageSize: WATCHED_CAMPAIGNS, pageToken: '' });
    for (const campaign of newest) keep(await summaries.of(campaign));
    // Old ones that have ended are told no more: what is kept stays small.
    const ids = new Set(newest.map(({ campaignId }) => campaignId));
    for (const [campaignId, { state }] of campaigns) {
      if (ids.has(campaignId) || state === 'running') continue;
      campaigns.delete(campaignId);
      latest.delete(`campaign/${campaignId}`);
    }
  }

  async function readRunning(): Promise<void> {
    for (const { campaignId, state } of [...campaigns.values()])
      if (state === 'running') keep(await summaries.of(await getCampaign(registry, campaignId)));
  }

  function keep(summary: CampaignSummary): void {
    campaigns.set(summary.campaignId, summary);
    latest.set(`campaign/${summary.campaignId}`, JSON.stringify(summary));
  }

  return {
    refresh() {
      isListDue = true;
    },
    async *events(signal) {
      const seen = new Map<string, string>();
      listeners++;
      if (!polling) {
        isListDue = true;
        void poll();
      }
      try {
        while (!signal.aborted) {
          for (const [key, text] of latest) {
            if (seen.get(key) === text) continue;
            seen.set(key, text);
            yield { event: key === 'work' ? 'work' : 'campaign', data: JSON.parse(text) as unknown };
          }
          await once(changes, 'change', { signal }).catch(() => {});
        }
      } finally {
        listeners--;
      }
    },
  };
}
