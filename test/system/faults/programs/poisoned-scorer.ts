// The panoptic scorer as a process, whose real compute process meets images that crash it, hang it, or swell it past its memory.
import { credentials } from '@grpc/grpc-js';
import { WorkQueueClient } from '../../../../proto/gen/cpral/v1/work.ts';
import { readConfig } from '../../../../services/panoptic-scorer/config.ts';
import { createPanopticScorer } from '../../../../services/panoptic-scorer/service.ts';
import { openBus } from '../../../../services/shared/bus/open-bus.ts';
import { processCompute } from '../../../../services/shared/compute/process-compute.ts';
import { createLog } from '../../../../services/shared/log.ts';
import { untilSignal } from '../../../../services/shared/until-signal.ts';
import { startWorker } from '../../../../services/shared/worker/worker.ts';
import type { WorkHandler } from '../../../../services/shared/worker/worker-service.ts';
import { POISON } from '../poison.ts';

const MEMORY_LIMIT_BYTES = 3 * 2 ** 29;
/** Well above what a shard of tiny images takes, TensorFlow's start on a busy machine included. */
const SILENCE_LIMIT_MS = 8_000;

const { objectsUrl, natsUrl, registry: address = '', logLevel } = readConfig();
const log = createLog('poisoned-scorer', logLevel);
const compute = processCompute({ objectsUrl, log, memoryLimitBytes: MEMORY_LIMIT_BYTES });
const bus = openBus(natsUrl, log);
const registry = new WorkQueueClient(address, credentials.createInsecure());
const service = createPanopticScorer({ compute, log });

const handler: WorkHandler = async (lease, options) => {
  const images = lease.spec?.spec?.$case === 'rate' ? lease.spec.spec.value.images : [];
  for (const { imageId } of images) {
    const bite = POISON.get(imageId);
    if (bite) await compute.run(new URL(`../../../support/functions/${bite}.ts`, import.meta.url), {}, options);
  }
  return service.handler(lease, options);
};
const worker = startWorker({ service: { ...service, handler }, bus, registry, log, silenceLimitMs: SILENCE_LIMIT_MS });
await untilSignal();
await worker.close();
await compute.close();
registry.close();
await bus.close();
