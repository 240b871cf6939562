// The bus inside one process.
import type { Bus, BusEvent, WorkKind, WorkMessage } from './bus.ts';

export function memoryBus(): Bus {
  const queues = new Map<WorkKind, Queue>();
  const listeners = new Set<(event: BusEvent) => void>();
  const queueOf = (kind: WorkKind) => {
    const queue = queues.get(kind) ?? new Queue();
    queues.set(kind, queue);
    return queue;
  };

  return {
    async publishWork(kind, message) {
      queueOf(kind).push(message);
    },
    consumeWork(kind, handler) {
      const queue = queueOf(kind);
      const controller = new AbortController();
      const done = (async () => {
        for (;;) {
          const message = await queue.pull(controller.signal);
          if (!message) return;
          await handler(message);
        }
      })();
      return {
        async close() {
          controller.abort();
          await done;
        },
      };
    },
    async publishEvent(event) {
      for (const listener of listeners) listener(event);
    },
    subscribe(handler) {
      listeners.add(handler);
      return {
        async close() {
          listeners.delete(handler);
        },
      };
    },
  };
}

class Queue {
  readonly #waiting = new Map<string, WorkMessage>();
  readonly #pullers: (() => void)[] = [];

  push(message: WorkMessage): void {
    this.#waiting.set(message.itemId, message);
    this.#pullers.shift()?.();
  }

  /** The oldest message, or undefined once the signal aborts. */
  async pull(signal: AbortSignal): Promise<WorkMessage | undefined> {
    while (!signal.aborted) {
      const [first] = this.#waiting.values();
      if (first) {
        this.#waiting.delete(first.itemId);
        return first;
      }
      await new Promise<void>((resolve) => {
        this.#pullers.push(resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    return undefined;
  }
}
