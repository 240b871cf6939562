// The bus inside one process.
import {
  type Bus,
  type BusEvent,
  type Delivery,
  MAX_WAITING_MESSAGES,
  type WorkKind,
  type WorkMessage,
} from './bus.ts';
import { queueFull } from './queue-full.ts';

export interface MemoryBusOptions {
  readonly maxMessages?: number;
}

export function memoryBus({ maxMessages = MAX_WAITING_MESSAGES }: MemoryBusOptions = {}): Bus {
  const queues = new Map<WorkKind, Queue>();
  const listeners = new Set<(event: BusEvent) => void>();
  const queueOf = (kind: WorkKind) => {
    const queue = queues.get(kind) ?? new Queue();
    queues.set(kind, queue);
    return queue;
  };
  const messages = () => [...queues.values()].reduce((sum, queue) => sum + queue.size, 0);

  return {
    async publishWork(kind, message) {
      const queue = queueOf(kind);
      if (queue.has(message.itemId)) return;
      if (messages() >= maxMessages) throw queueFull();
      queue.push(message);
    },
    consumeWork(kind, handler) {
      const queue = queueOf(kind);
      const controller = new AbortController();
      const done = (async () => {
        for (;;) {
          const message = await queue.pull(controller.signal);
          if (!message) return;
          const delivery: Delivery = { ...message, working: () => {} };
          const outcome = await handler(delivery);
          queue.settle(message, outcome.action === 'retry' ? outcome.afterMs : undefined);
        }
      })();
      return {
        async close() {
          controller.abort();
          await done;
        },
      };
    },
    hasRoom: async () => messages() < maxMessages,
    async publishEvent(event) {
      for (const listener of listeners) listener(event);
    },
    async subscribe(handler) {
      listeners.add(handler);
      return {
        async close() {
          listeners.delete(handler);
        },
      };
    },
    check: async () => {},
    async close() {
      for (const queue of queues.values()) queue.close();
    },
  };
}

class Queue {
  readonly #waiting = new Map<string, WorkMessage>();
  /** In a worker's hands, or put off. */
  readonly #held = new Set<string>();
  /** Who waits for a message, longest first. */
  readonly #pullers = new Set<() => void>();
  readonly #timers = new Set<NodeJS.Timeout>();

  get size(): number {
    return this.#waiting.size + this.#held.size;
  }

  has(itemId: string): boolean {
    return this.#waiting.has(itemId) || this.#held.has(itemId);
  }

  push(message: WorkMessage): void {
    this.#held.delete(message.itemId);
    this.#waiting.set(message.itemId, message);
    this.#wakeOne();
  }

  /** The oldest message, or undefined once the signal aborts. */
  async pull(signal: AbortSignal): Promise<WorkMessage | undefined> {
    while (!signal.aborted) {
      const [first] = this.#waiting.values();
      if (first) {
        this.#waiting.delete(first.itemId);
        this.#held.add(first.itemId);
        return first;
      }
      await this.#woken(signal);
    }
    // It may have been woken and closed in one turn: the message is for whoever waits beside it.
    if (this.#waiting.size > 0) this.#wakeOne();
    return undefined;
  }

  async #woken(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#pullers.add(resolve);
    signal.addEventListener('abort', resolve as () => void, { once: true });
    await promise;
    this.#pullers.delete(resolve);
    signal.removeEventListener('abort', resolve as () => void);
  }

  #wakeOne(): void {
    const [puller] = this.#pullers;
    if (!puller) return;
    this.#pullers.delete(puller);
    puller();
  }

  /** @param retryAfterMs undefined: the message is gone */
  settle(message: WorkMessage, retryAfterMs: number | undefined): void {
    if (retryAfterMs === undefined) {
      this.#held.delete(message.itemId);
      return;
    }
    // Timers count whole milliseconds of a clock that is read now and then: one may fire up to a millisecond early.
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.push(message);
    }, retryAfterMs + 1);
    this.#timers.add(timer);
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }
}
