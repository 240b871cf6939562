// A client's program: creates its campaign, pauses and resumes it, or cancels it. It repeats a
// call that was not answered with the same request_id, and never dies.
import { type OperationsClient, OperationsService } from '../../proto/gen/cpral/v1/operations.ts';
import { type PoolRegistryClient, PoolRegistryService } from '../../proto/gen/cpral/v1/pool_registry.ts';
import { CampaignState } from '../../proto/gen/cpral/v1/resources.ts';
import { CpralError } from '../../services/shared/errors.ts';
import { call } from '../../services/shared/grpc/client.ts';
import type { PlannedCampaign } from './scenario.ts';
import { Process, type Scheduler } from './scheduler.ts';
import type { SimulatedNetwork } from './simulated-network.ts';
import type { CampaignSnapshot } from './snapshot.ts';

const AGAIN_MS = 1_000;
const LOOK_MS = 5_000;
const INTERFERENCE_MS = 20_000;
const settings = { deadlineMs: 10_000 };

interface World {
  readonly scheduler: Scheduler;
  readonly network: SimulatedNetwork;
  readonly look: () => CampaignSnapshot | undefined;
}

/** Resolves once the campaign has ended. */
export async function runClient(planned: PlannedCampaign, { scheduler, network, look }: World): Promise<void> {
  const process = new Process(`client ${planned.id}`);
  const clock = scheduler.clockOf(process, 1);
  const registry = network.client<PoolRegistryClient>(process, PoolRegistryService);
  const operations = network.client<OperationsClient>(process, OperationsService);
  const { id: campaignId, dataset: datasetId, config, interference } = planned;
  let requests = 0;

  const answered = async <T>(ask: () => Promise<T>): Promise<T | undefined> => {
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof CpralError)) throw error;
        if (error.reason === 'CAMPAIGN_ENDED') return undefined;
        if (!['UNAVAILABLE', 'DEADLINE_EXCEEDED', 'INTERNAL'].includes(error.code)) throw error;
        await clock.sleep(AGAIN_MS);
      }
    }
  };
  const change = (how: 'pauseCampaign' | 'resumeCampaign') => {
    const request = { campaignId, etag: '', requestId: `${campaignId}/${requests++}` };
    return answered(() => call(registry[how].bind(registry), request, settings));
  };
  const interfere = async () => {
    await clock.sleep(scheduler.between(0, INTERFERENCE_MS));
    if (interference === 'pause') {
      await change('pauseCampaign');
      await clock.sleep(scheduler.between(0, INTERFERENCE_MS));
      await change('resumeCampaign');
    }
    if (interference === 'cancel') {
      const view = await answered(() => call(registry.getCampaign.bind(registry), { campaignId }, settings));
      const operationId = view?.campaign?.operationId ?? '';
      await answered(() => call(operations.cancelOperation.bind(operations), { operationId }, settings));
    }
  };

  const create = { campaignId, datasetId, config, requestId: `${campaignId}/create`, validateOnly: false };
  await answered(() => call(registry.createCampaign.bind(registry), create, settings));
  if (interference !== 'none') await interfere();
  for (;;) {
    const state = look()?.state;
    if (state === CampaignState.CAMPAIGN_STATE_SUCCEEDED || state === CampaignState.CAMPAIGN_STATE_CANCELLED) return;
    await clock.sleep(LOOK_MS);
  }
}
