// A bus that keeps no promise but one: an event that it accepted is told. Messages of the work queue are lost, doubled, overtaken and forgotten.
import type { Bus, BusEvent, Delivery, Outcome, WorkKind } from '../../services/shared/bus/bus.ts';
import { CpralError } from '../../services/shared/errors.ts';
import type { Process, Scheduler } from './scheduler.ts';

/** Longer than a lease. */
const LATEST_MS = 40_000;

interface Consumer {
  readonly process: Process;
  readonly kind: WorkKind;
  readonly handler: (delivery: Delivery) => Promise<Outcome>;
  busy: boolean;
}

export interface SimulatedBus {
  connect(process: Process): Bus;
  /** Loses all that waits. */
  forget(): void;
}

export function simulatedBus(scheduler: Scheduler, tell: (event: BusEvent) => void): SimulatedBus {
  const queues = new Map<WorkKind, Set<string>>();
  let consumers: Consumer[] = [];

  const enqueue = (kind: WorkKind, itemId: string) => {
    queues.set(kind, (queues.get(kind) ?? new Set()).add(itemId));
    scheduler.deliver(scheduler.soonMs(), () => deliver(kind));
  };

  /** Any message that waits, to any consumer that is idle. */
  const deliver = (kind: WorkKind) => {
    consumers = consumers.filter(({ process }) => process.alive);
    const consumer = scheduler.pick(consumers.filter((one) => one.kind === kind && !one.busy));
    const itemId = scheduler.pick([...(queues.get(kind) ?? [])]);
    if (!consumer || itemId === undefined) return;
    queues.get(kind)?.delete(itemId);
    if (scheduler.strikes('messageTwice'))
      scheduler.deliver(scheduler.between(0, LATEST_MS), () => enqueue(kind, itemId));
    if (scheduler.kills(consumer.process, `as ${itemId} arrives`)) return;
    scheduler.note(consumer.process.name, `is given ${itemId}`);
    consumer.busy = true;
    void consumer.handler({ itemId, working: () => {} }).then((outcome) => {
      consumer.busy = false;
      if (outcome.action === 'retry') scheduler.deliver(outcome.afterMs, () => enqueue(kind, itemId));
      scheduler.at(scheduler.soonMs(), () => deliver(kind));
    });
  };

  const publish = (process: Process, what: string, effect: () => void) =>
    scheduler.perform(process, `publishes ${what}`, () => {
      if (scheduler.strikes('publishFails')) throw new CpralError('UNAVAILABLE', 'the bus is away');
      effect();
      if (scheduler.strikes('publishUnanswered')) throw new CpralError('UNAVAILABLE', 'the bus went away');
    });

  const forget = () => {
    scheduler.note('bus', 'FORGETS everything');
    queues.clear();
  };

  return {
    forget,
    connect: (process) => ({
      publishWork: (kind, { itemId }) =>
        publish(process, itemId, () => {
          if (scheduler.strikes('busForgets')) forget();
          if (scheduler.strikes('messageLost')) return scheduler.note('bus', `LOSES ${itemId}`);
          enqueue(kind, itemId);
        }),
      publishEvent: (event) => publish(process, `event ${event.id}`, () => tell(event)),
      consumeWork(kind, handler) {
        const consumer: Consumer = { process, kind, handler, busy: false };
        consumers.push(consumer);
        scheduler.at(scheduler.soonMs(), () => deliver(kind));
        return {
          async close() {
            consumers = consumers.filter((other) => other !== consumer);
          },
        };
      },
      subscribe: async () => ({ close: async () => {} }),
      hasRoom: async () => true,
      check: async () => {},
      close: async () => {},
    }),
  };
}
