// A fault strikes a running system until it is told to stop, and leaves everything mended.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Say } from '../../../deploy/servers/say.ts';
import { type WorkItem, WorkItemState } from '../../../proto/gen/cpral/v1/resources.ts';
import { call } from '../../../services/shared/grpc/client.ts';
import type { System } from './system.ts';

const DEADLINE_MS = 5_000;

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

/** One of them after the other, a strike each. */
export function inTurn(faults: readonly Fault[]): Fault {
  return async (struck) => {
    let strikes = 0;
    for (let nth = 0; nth < struck.maxStrikes && !struck.ended.aborted; nth++) {
      strikes += await faults[nth % faults.length]!({ ...struck, maxStrikes: 1 });
    }
    return strikes;
  };
}

/** Shorter where the signal aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {});
}

/** What workers have in their hands; nothing where the registry cannot be asked. */
export async function leasedItems({ system, campaignId }: Struck): Promise<WorkItem[]> {
  const { registry } = system;
  const states = [WorkItemState.WORK_ITEM_STATE_LEASED];
  const request = { campaignId, states, pageSize: 0, pageToken: '' };
  try {
    return (await call(registry.listWorkItems.bind(registry), request, { deadlineMs: DEADLINE_MS })).items;
  } catch {
    return [];
  }
}

/** The item says who has it: SERVICE@HOST/PID. Undefined where that one is gone. */
export function processOf({ processes }: System, { worker }: WorkItem): { name: string; pid: number } | undefined {
  const pid = Number(worker.split('/').at(-1));
  for (const [name, supervised] of processes) if (supervised.pid() === pid) return { name, pid };
  return undefined;
}
