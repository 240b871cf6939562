// The state of all campaigns as gauges, read from the database when somebody looks. Every replica of the registry says the same.
import { Gauge, Registry } from 'prom-client';
import { WORK_KINDS } from '../../shared/bus/bus.ts';
import type { MetricSource } from '../../shared/telemetry/metrics.ts';
import type { RegistryContext } from '../context.ts';
import { POOL_STATES, type RegistryState, readState } from './read-state.ts';
import { remembered } from './remembered.ts';

export function registryMetrics({ db, log }: Pick<RegistryContext, 'db' | 'log'>): MetricSource {
  const registry = new Registry();
  const registers = [registry];
  const state = remembered(() => readState(db));

  const workItems = new Gauge({
    name: 'cpral_work_items',
    help: 'Work items that wait for a worker (open) or are in the hands of one (leased)',
    labelNames: ['kind', 'state'],
    registers,
  });
  const workParked = new Gauge({
    name: 'cpral_work_parked',
    help: 'Work items that failed for good and wait for somebody to look at them',
    labelNames: ['kind'],
    registers,
  });
  const poolImages = new Gauge({
    name: 'cpral_pool_images',
    help: 'Images of the pool, by state; of the campaigns that changed last',
    labelNames: ['campaign', 'state'],
    registers,
  });
  const modelMiou = new Gauge({
    name: 'cpral_model_miou',
    help: 'Mean intersection over union of the model of a cycle; of the campaigns that changed last',
    labelNames: ['campaign', 'cycle'],
    registers,
  });
  const outboxMessages = new Gauge({
    name: 'cpral_outbox_messages',
    help: 'Messages that wait to be published on the bus',
    registers,
  });

  const show = ({ work, pool, miou, outboxMessages: waiting }: RegistryState) => {
    for (const gauge of [workItems, workParked, poolImages, modelMiou]) gauge.reset();
    // Zeros are told, too: alerts and autoscalers compare with them.
    for (const kind of WORK_KINDS) {
      workItems.set({ kind, state: 'open' }, 0);
      workItems.set({ kind, state: 'leased' }, 0);
      workParked.set({ kind }, 0);
    }
    for (const { kind, state: now, items } of work) {
      if (now === 'parked') workParked.set({ kind }, items);
      else workItems.set({ kind, state: now }, items);
    }
    for (const { campaignId: campaign, state: now, images } of pool) {
      poolImages.set({ campaign, state: POOL_STATES[now as keyof typeof POOL_STATES] }, images);
    }
    for (const { campaignId: campaign, cycle, miou: value } of miou) modelMiou.set({ campaign, cycle }, value);
    outboxMessages.set(waiting);
  };

  return {
    async metrics() {
      try {
        show(await state());
        return await registry.metrics();
      } catch (error) {
        // Left out, so that what the process says of itself is still heard.
        log.warn({ err: error }, 'the state of the campaigns could not be read for metrics');
        return '';
      }
    },
  };
}
