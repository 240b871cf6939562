// Health as Kubernetes and load balancers ask for it (grpc.health.v1). Two questions with two answers: "liveness" is whether the
// process runs at all, and a restart would help where it does not; "readiness", and the empty name, whether what the service needs can
// be reached. A database that is away must never restart its clients.
import type { Server } from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';
import type { Log } from '../log.ts';

const CHECK_INTERVAL_MS = 2_000;
const CHECK_LIMIT_MS = 3_000;

export interface ReadinessCheck {
  readonly name: string;
  /** Throws where what it asks for cannot be reached. */
  readonly check: () => Promise<unknown>;
}

export interface Health {
  addTo(server: Server): void;
  /** Answers for this service, too: as for readiness. */
  addService(name: string): void;
  /** Not ready from now on: the first step of an orderly stop. */
  drain(): void;
}

interface HealthOptions {
  readonly checks: readonly ReadinessCheck[];
  readonly log: Log;
}

/** Without checks it is ready at once; with checks, when all of them have passed, and only while they do. */
export function createHealth(options?: HealthOptions): Health {
  const implementation = new HealthImplementation({ liveness: 'SERVING' });
  const names = new Set(['', 'readiness']);
  const stop = new AbortController();
  let isReady = options === undefined;
  const tell = () => {
    for (const name of names) implementation.setStatus(name, isReady ? 'SERVING' : 'NOT_SERVING');
  };
  tell();
  if (options) {
    void watch(options, stop.signal, (ready) => {
      isReady = ready;
      tell();
    });
  }
  const drain = () => {
    stop.abort();
    isReady = false;
    tell();
  };
  return {
    addTo: (server) => implementation.addToServer(server),
    addService(name) {
      names.add(name);
      tell();
    },
    drain,
  };
}

async function watch(
  { checks, log }: HealthOptions,
  signal: AbortSignal,
  tell: (isReady: boolean) => void,
): Promise<void> {
  let before: string | undefined;
  while (!signal.aborted) {
    const failing = (await Promise.all(checks.map(fails))).filter((name) => name !== undefined).join(', ');
    if (signal.aborted) return;
    tell(failing === '');
    if (failing !== before) log.info({ failing }, failing === '' ? 'ready' : 'not ready');
    before = failing;
    await pause(CHECK_INTERVAL_MS, signal);
  }
}

async function fails({ name, check }: ReadinessCheck): Promise<string | undefined> {
  const limit = Promise.withResolvers<never>();
  const timer = setTimeout(() => limit.reject(new Error('no answer')), CHECK_LIMIT_MS);
  try {
    await Promise.race([check(), limit.promise]);
    return undefined;
  } catch {
    return name;
  } finally {
    clearTimeout(timer);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}
