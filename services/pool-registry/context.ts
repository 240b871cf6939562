// What the registry's parts share. Tests start the real registry and override only what stands here.
import { EventEmitter } from 'node:events';
import type { Bus } from '../shared/bus/bus.ts';
import type { Clock } from '../shared/clock.ts';
import type { Log } from '../shared/log.ts';
import type { ObjectStore } from '../shared/objects/object-store.ts';
import type { Database } from './database.ts';

export interface RegistryContext {
  readonly db: Database;
  readonly objects: ObjectStore;
  readonly bus: Bus;
  readonly log: Log;
  readonly clock: Clock;
  readonly changes: Changes;
  /** A worker that says nothing for so long has lost its item. */
  readonly leaseMs: number;
}

/** Wakes whoever waits in this process; other replicas notice by polling. */
export class Changes {
  readonly #emitter = new EventEmitter().setMaxListeners(0);
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Something of this campaign was committed, perhaps with something to publish. */
  notify(campaignId: string): void {
    this.#emitter.emit(ANY);
    this.notifyWatchers(campaignId);
  }

  /** Only work under way: there is nothing to publish, and many workers say so often. */
  notifyWatchers(campaignId: string): void {
    this.#emitter.emit(nameOf(campaignId));
  }

  /** Resolves at the next change of the campaign, after `limitMs`, or when the signal aborts, whichever is first. */
  nextOf(campaignId: string, limitMs: number, signal?: AbortSignal): Promise<void> {
    return this.#next(nameOf(campaignId), limitMs, signal);
  }

  /** The same for a change that may have left something to publish. */
  nextOfAny(limitMs: number, signal?: AbortSignal): Promise<void> {
    return this.#next(ANY, limitMs, signal);
  }

  async #next(name: string, limitMs: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return;
    const woken = new AbortController();
    const wake = () => woken.abort();
    this.#emitter.once(name, wake);
    signal?.addEventListener('abort', wake, { once: true });
    await this.#clock.sleep(limitMs, woken.signal);
    this.#emitter.off(name, wake);
    signal?.removeEventListener('abort', wake);
  }
}

const ANY = 'any';

/** Campaigns have names of their users: "any" is one, and "error" is an event that throws where nobody listens. */
function nameOf(campaignId: string): string {
  return `campaign/${campaignId}`;
}
