// Moves on what stopped between a commit and the next step. Each campaign by itself: one that cannot move keeps no other from it, is
// tried again later and later, and fails with the cause in the end instead of standing still unseen.
import { CpralError } from '../../shared/errors.ts';
import { tryLockCampaign } from '../campaign/campaign-row.ts';
import { advance, failCampaign } from '../campaign/state-machine.ts';
import type { RegistryContext } from '../context.ts';
import { isOutage, rootMessage } from '../database/failures.ts';
import { giveUpSpent, type SpentItem } from './expired-leases.ts';

/** With pauses of 4 s, 8 s and so on between them: over some eight minutes, in which what passes has passed. */
const MAX_TRIES = 8;
const FIRST_PAUSE_MS = 4_000;

interface Trouble {
  readonly tries: number;
  readonly notBeforeMs: number;
}

type MoveCampaigns = (running: readonly string[], spent: readonly SpentItem[]) => Promise<void>;

/** Remembers from turn to turn which campaigns could not move. */
export function campaignMover(context: RegistryContext): MoveCampaigns {
  const { log, clock } = context;
  const troubles = new Map<string, Trouble>();

  return async (running, spent) => {
    for (const campaignId of troubles.keys()) if (!running.includes(campaignId)) troubles.delete(campaignId);
    for (const campaignId of running) {
      const { tries = 0, notBeforeMs = 0 } = troubles.get(campaignId) ?? {};
      if (clock.now() < notBeforeMs) continue;
      try {
        for (const item of spent) if (item.campaignId === campaignId) await giveUpSpent(context, item);
        await advance(context, campaignId, tryLockCampaign);
        troubles.delete(campaignId);
      } catch (error) {
        // No campaign's fault, and the next one would meet it, too.
        if (isOutage(error)) throw error;
        log.error({ campaign: campaignId, tries: tries + 1, err: error }, 'campaign cannot move');
        troubles.set(campaignId, { tries: tries + 1, notBeforeMs: clock.now() + FIRST_PAUSE_MS * 2 ** tries });
        if (tries + 1 >= MAX_TRIES) await end(context, campaignId, error);
      }
    }
  };
}

async function end(context: RegistryContext, campaignId: string, cause: unknown): Promise<void> {
  const message = `its next step could not be entered, tried ${MAX_TRIES} times: ${rootMessage(cause)}`;
  try {
    await failCampaign(context, campaignId, new CpralError('INTERNAL', message));
    context.changes.notify(campaignId);
  } catch (error) {
    if (isOutage(error)) throw error;
    context.log.error({ campaign: campaignId, err: error }, 'campaign that cannot move cannot be ended either');
  }
}
