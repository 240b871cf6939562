// Owns time and order. What processes do at their ports are events in virtual time; between two of them anything may come first,
// and a process may die before or after each. Everything follows from the seed.
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../services/shared/clock.ts';
import { seededRandom } from '../../services/shared/random.ts';
import { type FaultName, type Faults, NO_FAULTS } from './faults.ts';

const START = Date.UTC(2026, 0, 1);
const USUAL_DELAY_MS = 4;
const LONG_DELAY_MS = 60;
const LONG_DELAY_SHARE = 0.1;
/** A lease is renewed every second and lasts 30 s: a process this slow still keeps its leases. */
const SLOWEST_TEMPO = 25;

interface Event {
  readonly time: number;
  readonly run: () => void | Promise<void>;
}

/** Something that dies as a whole: from then on none of its pending calls comes back. */
export class Process {
  readonly name: string;
  readonly #onCrash: (() => void)[] = [];
  #alive = true;

  constructor(name: string) {
    this.name = name;
  }

  get alive(): boolean {
    return this.#alive;
  }

  onCrash(hook: () => void): void {
    this.#onCrash.push(hook);
  }

  crash(): void {
    this.#alive = false;
    for (const hook of this.#onCrash) hook();
  }
}

export class Scheduler {
  readonly random: () => number;
  readonly trace: string[] = [];
  readonly struck = new Map<FaultName, number>();
  #faults: Faults;
  #now = START;
  #underWay = 0;
  #events: Event[] = [];

  constructor(seed: number, faults: Faults) {
    this.random = seededRandom('simulation', seed);
    this.#faults = faults;
  }

  get elapsedMs(): number {
    return this.#now - START;
  }

  get now(): number {
    return this.#now;
  }

  /** From here on nothing fails any more. */
  calm(): void {
    this.#faults = NO_FAULTS;
    this.note('world', 'the faults stop');
  }

  note(who: string, what: string): void {
    this.trace.push(`${(this.elapsedMs / 1_000).toFixed(3).padStart(9)} s  ${who.padEnd(12)} ${what}`);
  }

  /** Whether a fault happens now. */
  strikes(fault: FaultName): boolean {
    const rate = this.#faults[fault];
    if (rate === 0 || this.random() >= rate) return false;
    this.struck.set(fault, (this.struck.get(fault) ?? 0) + 1);
    return true;
  }

  between(least: number, most: number): number {
    return least + this.random() * (most - least);
  }

  pick<T>(items: readonly T[]): T | undefined {
    return items[Math.floor(this.random() * items.length)];
  }

  at(delayMs: number, run: () => void | Promise<void>): void {
    this.#events.push({ time: this.#now + delayMs, run });
  }

  /** Something that is on its way between two processes. */
  deliver(delayMs: number, run: () => void): void {
    this.#underWay++;
    this.at(delayMs, () => {
      this.#underWay--;
      run();
    });
  }

  get isAnythingUnderWay(): boolean {
    return this.#underWay > 0;
  }

  /** A while that is mostly short: what makes calls overtake each other. */
  soonMs(): number {
    return this.between(0, this.random() < LONG_DELAY_SHARE ? LONG_DELAY_MS : USUAL_DELAY_MS);
  }

  /** A step of a process at one of its ports. */
  perform<T>(process: Process, what: string, effect: () => T | Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.at(this.soonMs(), async () => {
        if (!process.alive || this.kills(process, `before ${what}`)) return;
        this.note(process.name, what);
        const settle = await settled(effect);
        if (process.alive && !this.kills(process, `after ${what}`)) settle(resolve, reject);
      });
    });
  }

  kills(process: Process, when: string): boolean {
    if (!this.strikes('crash')) return false;
    this.note(process.name, `CRASHES ${when}`);
    process.crash();
    return true;
  }

  /** The time as a process sees it; its timers fire late, in one process more than in another. */
  clockOf(process: Process, tempo = this.between(1, SLOWEST_TEMPO)): Clock {
    return {
      now: () => this.#now,
      sleep: (durationMs, signal) =>
        new Promise((resolve) => {
          if (signal?.aborted) return resolve();
          const wake = (delayMs: number) => this.at(delayMs, () => (process.alive ? resolve() : undefined));
          wake(durationMs * tempo);
          signal?.addEventListener('abort', () => wake(this.soonMs()), { once: true });
        }),
    };
  }

  /** Runs the next event, and all code that waits for nothing but it. False where there is none. */
  async step(): Promise<boolean> {
    let first = 0;
    for (let i = 1; i < this.#events.length; i++) if (this.#events[i]!.time < this.#events[first]!.time) first = i;
    const event = this.#events[first];
    if (!event) return false;
    this.#events[first] = this.#events.at(-1)!;
    this.#events.pop();
    this.#now = Math.max(this.#now, event.time);
    await event.run();
    await setImmediate();
    return true;
  }
}

type Settle<T> = (resolve: (value: T) => void, reject: (error: unknown) => void) => void;

async function settled<T>(effect: () => T | Promise<T>): Promise<Settle<T>> {
  try {
    const value = await effect();
    return (resolve) => resolve(value);
  } catch (error) {
    return (_, reject) => reject(error);
  }
}
