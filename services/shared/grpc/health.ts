// Health as Kubernetes and load balancers ask for it (grpc.health.v1). Two questions with two answers: "liveness" is whether the
// process runs at all, and a restart would help where it does not; "readiness", and the empty name, whether what the service needs can
// be reached. A database that is away must never restart its clients.
import type { Server } from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';
import type { Log } from '../log.ts';
import { alwaysReady, type Readiness, type ReadinessCheck, watchReadiness } from '../readiness.ts';

export interface Health {
  readonly readiness: Readiness;
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
  const readiness = options ? watchReadiness(options) : alwaysReady();
  const implementation = new HealthImplementation({ liveness: 'SERVING' });
  const names = new Set(['', 'readiness']);
  const tell = () => {
    for (const name of names) implementation.setStatus(name, readiness.isReady() ? 'SERVING' : 'NOT_SERVING');
  };
  readiness.onChange(tell);
  tell();
  return {
    readiness,
    addTo: (server) => implementation.addToServer(server),
    addService(name) {
      names.add(name);
      tell();
    },
    drain: () => readiness.close(),
  };
}
