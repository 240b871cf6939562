// One seed from the beginning to the end: the production code of every service on simulated ports, a model that watches, and at
// the end the comparison with the campaign that nothing disturbed.
import { isDeepStrictEqual } from 'node:util';
import { CampaignConfig, CampaignState } from '../../proto/gen/cpral/v1/resources.ts';
import { type WorkQueueClient, WorkQueueService } from '../../proto/gen/cpral/v1/work.ts';
import type { Exclusively } from '../../services/pool-registry/database/locks.ts';
import { createRegistry } from '../../services/pool-registry/service.ts';
import type { WorkKind } from '../../services/shared/bus/bus.ts';
import { grpcService } from '../../services/shared/grpc/server.ts';
import { startWorker } from '../../services/shared/worker/worker.ts';
import { memoryObjectStore } from '../support/memory-object-store.ts';
import { silent } from '../support/silent.ts';
import { Broken, Different } from './broken.ts';
import { runClient } from './campaign-client.ts';
import type { Defect } from './defects.ts';
import type { FaultName } from './faults.ts';
import { type Model, poolModel } from './model.ts';
import { drawScenario, limitsOf, type PlannedCampaign, type Scenario, undisturbed } from './scenario.ts';
import { Process, Scheduler } from './scheduler.ts';
import { simulatedBus } from './simulated-bus.ts';
import { openMemoryDatabase, simulatedDatabase } from './simulated-database.ts';
import { insertDatasets } from './simulated-dataset.ts';
import { simulatedNetwork } from './simulated-network.ts';
import { simulatedObjects } from './simulated-objects.ts';
import { readOutcome, snapshots } from './snapshot.ts';
import { handlerOf, STUBS } from './stub-compute.ts';

const LONGEST_RESTART_MS = 8_000;
/** Long after the faults: what has not ended by then never will. */
const END_MS = 1_800_000;

const ALONE: Exclusively = (_, turn) => turn();

export interface SeedReport {
  readonly seed: number;
  /** The promise that broke. */
  readonly broken: string | undefined;
  /** Every promise held on the way, and the end is another one. */
  readonly differs: boolean;
  readonly trace: readonly string[];
  readonly struck: ReadonlyMap<FaultName, number>;
  readonly virtualMs: number;
}

export interface Simulator {
  run(seed: number, defect?: Defect): Promise<SeedReport>;
  close(): Promise<void>;
}

/** Opens the database that all seeds of this process share. */
export async function openSimulator(): Promise<Simulator> {
  const database = await openMemoryDatabase();
  const store = memoryObjectStore();
  await insertDatasets(database.db, store);
  const references = new Map<string, unknown>();

  const play = async (scenario: Scenario, defect: Defect, check: (planned: PlannedCampaign) => Promise<void>) => {
    const scheduler = new Scheduler(scenario.seed, scenario.faults);
    const limits = new Map(scenario.campaigns.map((planned) => [planned.id, limitsOf(planned)]));
    const model = poolModel(limits);
    const simulated = simulatedDatabase(scheduler, database.client);
    let broken: string | undefined;
    let differs = false;
    try {
      const clientsDone = startEverything({ scenario, scheduler, model, simulated, store, defect });
      await watch({ scenario, scheduler, model, simulated, clientsDone });
      for (const planned of scenario.campaigns) await check(planned);
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      broken = error.message;
      differs = error instanceof Different;
      scheduler.note('BROKEN', broken);
    }
    await simulated.close();
    await database.empty();
    return {
      seed: scenario.seed,
      broken,
      differs,
      trace: scheduler.trace,
      struck: scheduler.struck,
      virtualMs: scheduler.elapsedMs,
    };
  };

  const watch = async ({ scenario, scheduler, model, simulated, clientsDone }: Watched) => {
    const snapshot = snapshots(database.client);
    let calm = false;
    while (await scheduler.step()) {
      const written = simulated.takeChanged();
      if (written.size > 0) model.observe(await snapshot(written));
      if (clientsDone.error) throw clientsDone.error;
      const ended = clientsDone.count === scenario.campaigns.length;
      if (!calm && (ended || scheduler.elapsedMs > scenario.calmAfterMs)) {
        calm = true;
        scheduler.calm();
      }
      // What was sent before a campaign's end and comes after it must change nothing.
      if (ended && !scheduler.isAnythingUnderWay && model.isTold()) return;
      if (scheduler.elapsedMs > END_MS)
        throw new Broken(ended ? 'something is never told' : 'the campaign does not end');
    }
  };

  const referenceOf = async (planned: PlannedCampaign): Promise<unknown> => {
    const key = JSON.stringify([planned.id, planned.dataset, CampaignConfig.toJSON(planned.config)]);
    if (!references.has(key)) {
      const { broken, trace } = await play(undisturbed(planned), {}, async () => {
        references.set(key, await readOutcome(database.client, planned.id));
      });
      if (broken) throw new Error(`the undisturbed campaign breaks: ${broken}\n${trace.join('\n')}`);
    }
    return references.get(key);
  };

  return {
    async run(seed, defect = {}) {
      const scenario = drawScenario(seed);
      const expected = new Map<string, unknown>();
      for (const planned of scenario.campaigns) expected.set(planned.id, await referenceOf(planned));
      const model = await play(scenario, defect, async (planned) => {
        const outcome = await readOutcome(database.client, planned.id);
        if (await wasCancelled(planned.id)) return;
        if (!isDeepStrictEqual(outcome, expected.get(planned.id)))
          throw new Different(
            `${planned.id}: ends otherwise than undisturbed: ${difference(outcome, expected.get(planned.id))}`,
          );
      });
      return model;
    },
    close: () => database.client.close(),
  };

  async function wasCancelled(campaignId: string): Promise<boolean> {
    const { rows } = await database.client.query<{ state: number }>(
      'select state from campaigns where campaign_id = $1',
      [campaignId],
    );
    return rows[0]?.state === CampaignState.CAMPAIGN_STATE_CANCELLED;
  }
}

interface ClientsDone {
  count: number;
  error: unknown;
}

interface Started {
  readonly scenario: Scenario;
  readonly scheduler: Scheduler;
  readonly model: Model;
  readonly simulated: ReturnType<typeof simulatedDatabase>;
  readonly store: ReturnType<typeof memoryObjectStore>;
  readonly defect: Defect;
}

type Watched = Omit<Started, 'store' | 'defect'> & { readonly clientsDone: ClientsDone };

function startEverything({ scenario, scheduler, model, simulated, store, defect }: Started): ClientsDone {
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
    for (const kind of Object.keys(STUBS) as WorkKind[]) {
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

function difference(actual: unknown, expected: unknown): string {
  const of = (value: unknown) => value as Record<string, unknown>;
  const keys = Object.keys(of(expected)).filter((key) => !isDeepStrictEqual(of(actual)[key], of(expected)[key]));
  return keys
    .map((key) => `${key} ${JSON.stringify(of(actual)[key])}, expected ${JSON.stringify(of(expected)[key])}`)
    .join('; ');
}
