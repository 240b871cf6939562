// One seed from the beginning to the end: the production code of every service on simulated ports, a model that watches, and at
// the end the comparison with the campaign that nothing disturbed.
import { isDeepStrictEqual } from 'node:util';
import { CampaignConfig, CampaignState } from '../../proto/gen/cpral/v1/resources.ts';
import { memoryObjectStore } from '../support/memory-object-store.ts';
import { Broken, Different } from './broken.ts';
import type { Defect } from './defects.ts';
import type { FaultName } from './faults.ts';
import { poolModel } from './model.ts';
import { drawScenario, limitsOf, type PlannedCampaign, type Scenario, undisturbed } from './scenario.ts';
import { Scheduler } from './scheduler.ts';
import { openMemoryDatabase, simulatedDatabase } from './simulated-database.ts';
import { insertDatasets } from './simulated-dataset.ts';
import { type Outcome, readOutcome, snapshots } from './snapshot.ts';
import { type ClientsDone, startServices, type World } from './start-services.ts';

/** Long after the faults: what has not ended by then never will. */
const END_MS = 1_800_000;

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
  const references = new Map<string, Outcome>();

  const play = async (scenario: Scenario, defect: Defect, check: (planned: PlannedCampaign) => Promise<void>) => {
    const scheduler = new Scheduler(scenario.seed, scenario.faults);
    const limits = new Map(scenario.campaigns.map((planned) => [planned.id, limitsOf(planned)]));
    const model = poolModel(limits);
    const simulated = simulatedDatabase(scheduler, database.client);
    const world = { scenario, scheduler, model, simulated, store, defect };
    let broken: string | undefined;
    let differs = false;
    try {
      const clientsDone = startServices(world);
      await watch(world, clientsDone);
      for (const planned of scenario.campaigns) await check(planned);
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      broken = error.message;
      differs = error instanceof Different;
      scheduler.note('BROKEN', broken);
    }
    simulated.close();
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

  const watch = async ({ scenario, scheduler, model, simulated }: World, clientsDone: ClientsDone) => {
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

  const referenceOf = async (planned: PlannedCampaign): Promise<Outcome> => {
    const key = JSON.stringify([planned.id, planned.dataset, CampaignConfig.toJSON(planned.config)]);
    if (!references.has(key)) {
      const { broken, trace } = await play(undisturbed(planned), {}, async () => {
        references.set(key, await readOutcome(database.client, planned.id));
      });
      if (broken) throw new Error(`the undisturbed campaign breaks: ${broken}\n${trace.join('\n')}`);
    }
    return references.get(key)!;
  };

  const compare = async ({ id }: PlannedCampaign, expected: Outcome) => {
    const outcome = await readOutcome(database.client, id);
    const different =
      outcome.state === CampaignState.CAMPAIGN_STATE_CANCELLED
        ? differenceOfPicks(outcome, expected)
        : difference(outcome, expected);
    if (different) throw new Different(`${id}: ends otherwise than undisturbed: ${different}`);
  };

  return {
    async run(seed, defect = {}) {
      const scenario = drawScenario(seed);
      const expected = new Map<string, Outcome>();
      for (const planned of scenario.campaigns) expected.set(planned.id, await referenceOf(planned));
      return play(scenario, defect, (planned) => compare(planned, expected.get(planned.id)!));
    },
    close: database.close,
  };
}

function difference(actual: Outcome, expected: Outcome): string {
  const keys = (Object.keys(expected) as (keyof Outcome)[]).filter(
    (key) => !isDeepStrictEqual(actual[key], expected[key]),
  );
  return keys
    .map((key) => `${key} ${JSON.stringify(actual[key])}, expected ${JSON.stringify(expected[key])}`)
    .join('; ');
}

/** What a cancelled campaign had picked by then is what the other one picked too. */
function differenceOfPicks({ picked }: Outcome, expected: Outcome): string {
  const known = new Set(expected.picked.map((region) => JSON.stringify(region)));
  const strange = picked.map((region) => JSON.stringify(region)).filter((region) => !known.has(region));
  return strange.length > 0 ? `picked ${strange.join()}` : '';
}
