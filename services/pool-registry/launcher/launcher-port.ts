// What the registry knows of whoever starts a process for each training: nothing but that it runs beside the other loops.
import type { Bus } from '../../shared/bus/bus.ts';
import type { RegistryContext } from '../context.ts';
import type { Exclusively } from '../database/locks.ts';

/** Runs until the signal aborts. */
export type Launcher = (context: RegistryContext, exclusively: Exclusively, signal: AbortSignal) => Promise<void>;

/** The bus without trainings: they are not asked for there, and a message that nobody takes would stay. */
export function withoutTrainings(bus: Bus): Bus {
  return {
    ...bus,
    publishWork: async (kind, message) => {
      if (kind !== 'train') await bus.publishWork(kind, message);
    },
  };
}
