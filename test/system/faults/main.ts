// Campaigns under faults, and the table of what came of them.
//   --fault NAME   one of the faults (default: all, one after the other)
//   --seed N       what strikes whom, and when (default 1; each further run takes the next)
//   --runs N       campaigns a fault (default 1)
//   --kills N      of the fault "kill": campaigns until so many processes were killed
import { parseArgs } from 'node:util';
import type { CampaignConfig } from '../../../proto/gen/cpral/v1/resources.ts';
import { startGround } from './ground.ts';
import { type FaultResult, runFault, runUndisturbed } from './run-fault.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';
import { TINY_CAMPAIGN, type TinyOutcome } from './tiny-campaign.ts';

const LEASE_SECONDS = 6;
const LIMIT_MS = 10 * 60_000;

const { values } = parseArgs({
  options: {
    fault: { type: 'string' },
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '1' },
    kills: { type: 'string', default: '0' },
  },
});
const names = values.fault === undefined ? Object.keys(SCENARIOS) : [values.fault];
const unknown = names.find((name) => !(name in SCENARIOS));
if (unknown !== undefined) {
  console.error(`--fault: expected one of ${Object.keys(SCENARIOS).join(', ')}, got "${unknown}"`);
  process.exit(2);
}
const start = Date.now();
const say = (sentence: string) => console.error(`${((Date.now() - start) / 1_000).toFixed(1).padStart(7)} ${sentence}`);

const outcomes = new Map<Partial<CampaignConfig>, Promise<TinyOutcome>>();
const ground = await startGround(say);
let failed = false;
try {
  console.log('| fault | campaigns | strikes | lost | differing | seconds a campaign |');
  console.log('| --- | --: | --: | --: | --: | --: |');
  for (const name of names) {
    const scenario = SCENARIOS[name]!;
    const unable = await scenario.unable?.();
    if (unable === undefined) failed = printRow(scenario, await runs(name, scenario)) || failed;
    else console.log(`| ${scenario.title} | skipped: ${unable} | | | | |`);
  }
} finally {
  await ground.close();
}
process.exit(failed ? 1 : 0);

async function runs(name: string, scenario: Scenario): Promise<FaultResult[]> {
  const config = scenario.config ?? TINY_CAMPAIGN;
  const undisturbed = await undisturbedOf(config);
  const results: FaultResult[] = [];
  let strikes = 0;
  while (results.length < Number(values.runs) || (name === 'kill' && strikes < Number(values.kills))) {
    const seed = Number(values.seed) + results.length;
    const { fault, options, close } = await scenario.prepare(ground);
    const result = await runFault({
      options: { ground, leaseSeconds: LEASE_SECONDS, ...scenario.options, ...options },
      config,
      name,
      fault,
      seed,
      maxStrikes: scenario.strikes,
      limitMs: LIMIT_MS,
      say,
      undisturbed,
    });
    await close?.();
    strikes += result.strikes;
    results.push(result);
    const { lost, differing, seconds } = result;
    const came = [...lost, ...differing.map((part) => `${part} differ`)].join('; ') || 'as undisturbed';
    say(`${name}, seed ${seed}: ${result.strikes} strikes, ${seconds.toFixed(1)} s, ${came}`);
  }
  return results;
}

/** Once for each configuration. */
function undisturbedOf(config: Partial<CampaignConfig>): Promise<TinyOutcome> {
  const outcome =
    outcomes.get(config) ??
    runUndisturbed({ options: { ground, leaseSeconds: LEASE_SECONDS }, config, limitMs: LIMIT_MS });
  outcomes.set(config, outcome);
  return outcome;
}

/** @returns whether something was lost or differs, or nothing struck: such a row shows nothing */
function printRow({ title }: Scenario, results: readonly FaultResult[]): boolean {
  const sum = (of: (result: FaultResult) => number) => results.reduce((total, result) => total + of(result), 0);
  const lost = sum((result) => Number(result.lost.length > 0));
  const differing = sum((result) => Number(result.differing.length > 0));
  const seconds = sum((result) => result.seconds) / results.length;
  const strikes = sum((result) => result.strikes);
  const cells = [title, results.length, strikes, lost, differing, Math.round(seconds)];
  console.log(`| ${cells.join(' | ')} |`);
  return lost + differing > 0 || strikes === 0;
}
