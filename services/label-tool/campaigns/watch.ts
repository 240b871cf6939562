// One campaign, live: as it is, then every change, and an end.
import type { Campaign } from '../../../proto/gen/cpral/v1/resources.ts';
import { systemClock } from '../../shared/clock.ts';
import { CpralError } from '../../shared/errors.ts';
import { type Registry, required, streamed } from '../registry/registry.ts';
import type { ServerEvent } from '../server/event-stream.ts';
import { stateWord } from '../views/words.ts';
import { readCycles } from './read-cycles.ts';
import type { Summaries } from './summaries.ts';

/** A watch is opened anew after this long, so that no stream outlives its server unseen. */
const WATCH_DEADLINE_MS = 10 * 60_000;
const RETRY_MS = 1_000;

export async function* campaignEvents(
  { registry, summaries }: { readonly registry: Registry; readonly summaries: Summaries },
  campaignId: string,
  signal: AbortSignal,
): AsyncGenerator<ServerEvent> {
  const seen = new Map<string, string>();
  const ifNew = (key: string, event: ServerEvent): ServerEvent[] => {
    const text = JSON.stringify(event.data);
    if (seen.get(key) === text) return [];
    seen.set(key, text);
    return [event];
  };
  let etag = '';
  for await (const campaign of watched(registry, campaignId, signal)) {
    if (campaign.etag !== etag) {
      for (const cycle of await readCycles(registry, campaignId))
        yield* ifNew(`cycle/${cycle.cycle}`, { event: 'cycle', data: cycle });
      etag = campaign.etag;
    }
    yield* ifNew('campaign', { event: 'campaign', data: await summaries.of(campaign) });
    if (hasEnded(campaign)) return yield { event: 'end', data: { campaignId } };
  }
}

/** Lost connections are made again, until the client goes away. */
async function* watched({ pool }: Registry, campaignId: string, signal: AbortSignal): AsyncGenerator<Campaign> {
  while (!signal.aborted) {
    try {
      const settings = { deadlineMs: WATCH_DEADLINE_MS, signal };
      for await (const { campaign } of streamed(
        (metadata, options) => pool.watchCampaign({ campaignId }, metadata, options),
        settings,
      ))
        yield required(campaign, 'a campaign');
    } catch (error) {
      if (signal.aborted) return;
      const passes =
        error instanceof CpralError && ['UNAVAILABLE', 'DEADLINE_EXCEEDED', 'CANCELLED'].includes(error.code);
      if (!passes) throw error;
    }
    await systemClock.sleep(RETRY_MS, signal);
  }
}

function hasEnded({ state }: Campaign): boolean {
  return ['succeeded', 'failed', 'cancelled'].includes(stateWord(state));
}
