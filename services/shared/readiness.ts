// Whether all that a service needs can be reached: asked again and again, and said in the log when the answer changes.
import { EventEmitter, once } from 'node:events';
import { systemClock } from './clock.ts';
import type { Log } from './log.ts';

const CHECK_INTERVAL_MS = 2_000;
const CHECK_LIMIT_MS = 3_000;

export interface ReadinessCheck {
  readonly name: string;
  /** Throws where what it asks for cannot be reached. */
  readonly check: () => Promise<unknown>;
}

export interface Readiness {
  isReady(): boolean;
  onChange(listener: () => void): void;
  /** @returns whether it came to that before the signal aborted */
  until(isReady: boolean, signal: AbortSignal): Promise<boolean>;
  /** Not ready from now on. */
  close(): void;
}

export function alwaysReady(): Readiness {
  return settable(true);
}

/** Ready when all checks have passed, and only while they do. */
export function watchReadiness({
  checks,
  log,
}: {
  readonly checks: readonly ReadinessCheck[];
  readonly log: Log;
}): Readiness {
  const { set, ...readiness } = settable(false);
  const stop = new AbortController();
  void (async () => {
    let before: string | undefined;
    while (!stop.signal.aborted) {
      const failing = (await Promise.all(checks.map(failure))).filter((each) => each !== undefined).join('; ');
      if (stop.signal.aborted) return;
      if (failing !== before) log.info({ failing }, failing === '' ? 'ready' : 'not ready');
      before = failing;
      set(failing === '');
      await systemClock.sleep(CHECK_INTERVAL_MS, stop.signal);
    }
  })();
  return {
    ...readiness,
    close() {
      stop.abort();
      readiness.close();
    },
  };
}

function settable(isReady: boolean): Readiness & { set(isReady: boolean): void } {
  const changes = new EventEmitter().setMaxListeners(0);
  const set = (now: boolean) => {
    if (now === isReady) return;
    isReady = now;
    changes.emit('change');
  };
  return {
    set,
    isReady: () => isReady,
    onChange: (listener) => void changes.on('change', listener),
    async until(wanted, signal) {
      while (isReady !== wanted && !signal.aborted) await once(changes, 'change', { signal }).catch(() => {});
      return !signal.aborted;
    },
    close: () => set(false),
  };
}

/** @returns what is wrong, in words */
async function failure({ name, check }: ReadinessCheck): Promise<string | undefined> {
  const limit = Promise.withResolvers<never>();
  const timer = setTimeout(() => limit.reject(new Error('no answer')), CHECK_LIMIT_MS);
  try {
    await Promise.race([check(), limit.promise]);
    return undefined;
  } catch (error) {
    return `${name}: ${error instanceof Error ? error.message : error}`;
  } finally {
    clearTimeout(timer);
  }
}
