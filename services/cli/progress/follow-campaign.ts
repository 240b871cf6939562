// Watches a campaign until it ends and shows each step.
import { type Campaign, CampaignStep } from '../../../proto/gen/cpral/v1/resources.ts';
import type { RegistryClient } from '../client.ts';
import { stepEvents } from './campaign-steps.ts';
import type { ProgressView } from './view.ts';

/** @returns the campaign as it ended */
export async function followCampaign(
  client: RegistryClient,
  campaignId: string,
  view: ProgressView,
): Promise<Campaign> {
  let previous: Campaign | undefined;
  for await (const campaign of client.watchCampaign(campaignId)) {
    for (const event of stepEvents(previous, campaign)) {
      if (event.kind === 'started') view.start(campaignId, event.title);
      else if (event.kind === 'moved') view.update(campaignId, event.amount);
      else if (event.kind === 'halted') view.note(event.message);
      else view.finish(campaignId, await resultOf(client, campaignId, event.step, event.cycle));
    }
    previous = campaign;
  }
  return previous ?? client.getCampaign(campaignId);
}

/** What a finished training measured; the other steps speak for themselves. */
async function resultOf(
  client: RegistryClient,
  campaignId: string,
  step: CampaignStep,
  cycle: number,
): Promise<string> {
  if (step !== CampaignStep.CAMPAIGN_STEP_TRAIN) return '';
  const { evaluation, labelled } = (await client.cycles(campaignId)).find((each) => each.cycle === cycle) ?? {};
  if (!evaluation) return '';
  const labels = labelled ? ` with ${(labelled.fraction * 100).toFixed(1)} % labelled` : '';
  return `mIoU ${evaluation.miou.toFixed(3)}${labels}`;
}
