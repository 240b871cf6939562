// Starts a scenario's processes, from the production code of every service, and its clients. A process that dies is started again.
import { type WorkQueueClient, WorkQueueService } from '../../proto/gen/cpral/v1/work.ts';
import type { Exclusively } from '../../services/pool-registry/database/locks.ts';
import { createRegistry } from '../../services/pool-registry/service.ts';
import { WORK_KINDS } from '../../services/shared/bus/bus.ts';
import { grpcService } from '../../services/shared/grpc/server.ts';
import type { ObjectStore } from '../../services/shared/objects/object-store.ts';
import { startWorker } from '../../services/shared/worker/worker.ts';
import { silent } from '../support/silent.ts';
import { Broken } from './broken.ts';
import { runClient } from './campaign-client.ts';
import type { Defect } from './defects.ts';
import type { Model } from './model.ts';
import type { Scenario } from './scenario.ts';
import { Process, type Scheduler } from './scheduler.ts';
import { simulatedBus } from './simulated-bus.ts';
import type { SimulatedDatabase } from './simulated-database.ts';
import { simulatedNetwork } from './simulated-network.ts';
import { simulatedObjects } from './simulated-objects.ts';
import { handlerOf, STUBS } from './stub-compute.ts';

const LONGEST_RESTART_MS = 8_000;
const ALONE: Exclusively = (_, turn) => turn();

export interface ClientsDone {
  count: number;
  error: unknown;
}

export interface World {
  readonly scenario: Scenario;
  readonly scheduler: Scheduler;
  readonly model: Model;
  readonly simulated: SimulatedDatabase;
  readonly store: ObjectStore;
  readonly defect: Defect;
}

export function startServices({ scenario, scheduler, model, simulated, store, defect }: World): ClientsDone {
  const bus = simulatedBus(scheduler, model.hear);
  const network = simulatedNetwork(scheduler);
  const stubs = { ...STUBS, ...defect.stubs };
  const failures = new Map<string, number>();

  const registry = async (process: Process, alone: boolean) => {
    const ports = {
      db: simulated.connect(process),
      objects: simulatedObjects(scheduler, store, process),
      bus: defect.bus?.(bus.connect(process)) ?? bus.connect(process),
      log: silent,
      clock: scheduler.clockOf(process),
      exclusively: alone ? ALONE : simulated.exclusively(process),
    };
    const { services } = await createRegistry({ ...ports, alone });
    network.serve(process, defect.services?.(services, ports) ?? services);
  };
  const workers = (process: Process) => {
    const machine = { scheduler, process, failures, objects: simulatedObjects(scheduler, store, process) };
    for (const kind of WORK_KINDS) {
      const service = { name: kind, kind, handler: handlerOf(kind, machine, stubs), grpc: grpcService({}, {}) };
      const queue = network.client<WorkQueueClient>(process, WorkQueueService);
      startWorker({
        service,
        bus: bus.connect(process),
        registry: queue,
        log: silent,
        clock: scheduler.clockOf(process),
      });
    }
  };
  const keepUp = (name: string, start: (process: Process) => Promise<void>) => {
    const process = new Process(name);
    process.onCrash(() => scheduler.at(scheduler.between(0, LONGEST_RESTART_MS), () => keepUp(name, start)));
    scheduler.note(name, 'starts');
    start(process).catch((error: Error) => {
      scheduler.note(name, `does not start: ${error.message}`);
      process.crash();
    });
  };

  if (scenario.deployment === 'embedded') {
    keepUp('embedded', async (process) => {
      process.onCrash(bus.forget);
      await registry(process, true);
      workers(process);
    });
  } else {
    for (const name of ['registry-a', 'registry-b']) keepUp(name, (process) => registry(process, false));
    for (const name of ['worker-a', 'worker-b']) keepUp(name, async (process) => workers(process));
  }

  const done: ClientsDone = { count: 0, error: undefined };
  for (const planned of scenario.campaigns) {
    runClient(planned, { scheduler, network, look: () => model.campaign(planned.id) }).then(
      () => done.count++,
      (error: Error) => {
        done.error = new Broken(`${planned.id}: its client is refused: ${error.message}`);
      },
    );
  }
  return done;
}
