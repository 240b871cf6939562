// A worker as a process of its own whose compute takes a fixed time: CPRAL_STUB_MS for each shard.
import { setTimeout as sleep } from 'node:timers/promises';
import { credentials } from '@grpc/grpc-js';
import { WorkQueueClient } from '../../../proto/gen/cpral/v1/work.ts';
import { openBus } from '../../../services/shared/bus/open-bus.ts';
import { SERVICE_CHANNEL } from '../../../services/shared/grpc/channel.ts';
import { grpcService } from '../../../services/shared/grpc/server.ts';
import { createLog } from '../../../services/shared/log.ts';
import { untilSignal } from '../../../services/shared/until-signal.ts';
import { startWorker } from '../../../services/shared/worker/worker.ts';
import type { WorkerService } from '../../../services/shared/worker/worker-service.ts';
import { stubResult } from './stub-work.ts';

const computeMs = Number(process.env.CPRAL_STUB_MS);
const log = createLog('stub-worker', 'info');
const bus = openBus(process.env.CPRAL_NATS_URL, log);
const registry = new WorkQueueClient(process.env.CPRAL_REGISTRY ?? '', credentials.createInsecure(), SERVICE_CHANNEL);
const service: WorkerService = {
  name: 'stub-worker',
  kind: 'rate',
  grpc: grpcService({}, {}),
  async handler({ spec, campaignId }, { onStart }) {
    onStart?.();
    await sleep(computeMs);
    return { result: stubResult(spec ?? { spec: undefined }, campaignId), seconds: computeMs / 1_000 };
  },
};
const worker = startWorker({ service, bus, registry, log });
await untilSignal();
await worker.close();
registry.close();
await bus.close();
