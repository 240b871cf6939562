// One campaign under one fault: everything started, disturbed, watched to its end, compared, closed.

import { isDeepStrictEqual } from 'node:util';
import type { Say } from '../../../deploy/servers/say.ts';
import type { CampaignConfig } from '../../../proto/gen/cpral/v1/resources.ts';
import { seededRandom } from '../../../services/shared/random.ts';
import type { Fault } from './fault.ts';
import { type SystemOptions, startSystem } from './system.ts';
import { startTinyCampaign, type TinyOutcome, tinyOutcome, watchToEnd } from './tiny-campaign.ts';

export interface FaultRun {
  readonly options: SystemOptions;
  readonly config: Partial<CampaignConfig>;
  readonly name: string;
  readonly fault: Fault;
  readonly seed: number;
  readonly maxStrikes: number;
  readonly limitMs: number;
  readonly say: Say;
  /** Of the campaign that nothing disturbs. */
  readonly undisturbed: TinyOutcome;
}

export interface FaultResult {
  readonly strikes: number;
  readonly seconds: number;
  /** Promises that broke, in sentences. */
  readonly lost: readonly string[];
  /** What differs from the undisturbed campaign. */
  readonly differing: readonly string[];
}

export async function runUndisturbed({
  options,
  config,
  limitMs,
}: Pick<FaultRun, 'options' | 'config' | 'limitMs'>): Promise<TinyOutcome> {
  const system = await startSystem(options);
  try {
    const campaignId = await startTinyCampaign(system.registry, config);
    const { broken } = await watchToEnd(system.registry, campaignId, limitMs);
    if (broken.length > 0) throw new Error(`undisturbed: ${broken.join('; ')}`);
    return await tinyOutcome(system.registry, campaignId);
  } finally {
    await system.close();
  }
}

export async function runFault(run: FaultRun): Promise<FaultResult> {
  const { options, config, name, fault, seed, maxStrikes, limitMs, say, undisturbed } = run;
  const startTime = Date.now();
  const system = await startSystem(options);
  const lost: string[] = [];
  let differing: string[] = [];
  let strikes = 0;
  const ended = new AbortController();
  let striking: Promise<number> | undefined;
  try {
    const { registry } = system;
    const campaignId = await startTinyCampaign(registry, config);
    const random = seededRandom('faults', name, seed);
    striking = fault({ system, random, ended: ended.signal, campaignId, maxStrikes, say });
    const { broken } = await Promise.race([
      watchToEnd(registry, campaignId, limitMs),
      striking.then(() => new Promise<never>(() => {})),
    ]);
    lost.push(...broken);
    ended.abort();
    strikes = await striking;
    differing = differences(undisturbed, await tinyOutcome(registry, campaignId));
  } catch (error) {
    lost.push(error instanceof Error ? error.message : String(error));
  } finally {
    ended.abort();
    await striking?.catch(() => {});
    const deaths = system.deaths();
    if (deaths > 0) lost.push(`${deaths} services ended by themselves`);
    const left = await system.close();
    if (left.length > 0) lost.push(`processes are left over: ${left}`);
  }
  return { strikes, seconds: (Date.now() - startTime) / 1_000, lost, differing };
}

function differences(expected: TinyOutcome, found: TinyOutcome): string[] {
  const parts = Object.keys(expected) as (keyof TinyOutcome)[];
  return parts.filter((part) => !isDeepStrictEqual(expected[part], found[part]));
}
