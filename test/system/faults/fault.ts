// A fault strikes a running system until it is told to stop, and leaves everything mended.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Say } from '../../../deploy/servers/say.ts';
import type { System } from './system.ts';

export interface Struck {
  readonly system: System;
  /** In [0, 1): what strikes whom and when is a function of the run's seed. */
  readonly random: () => number;
  /** Aborts when the campaign has ended. */
  readonly ended: AbortSignal;
  readonly campaignId: string;
  /** A fault that counts its strikes gives up after so many. */
  readonly maxStrikes: number;
  readonly say: Say;
}

/** @returns how often it struck */
export type Fault = (struck: Struck) => Promise<number>;

/** Strikes, waits, strikes, until the campaign has ended or it was enough. */
export async function again(
  { random, ended, maxStrikes }: Struck,
  [minMs, maxMs]: readonly [number, number],
  strike: (nth: number) => Promise<boolean>,
): Promise<number> {
  let strikes = 0;
  while (strikes < maxStrikes) {
    await pause(minMs + random() * (maxMs - minMs), ended);
    if (ended.aborted) break;
    if (await strike(strikes)) strikes++;
  }
  return strikes;
}

/** Shorter where the signal aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {});
}
