// Services among themselves: known by their certificates, and allowed what workers are.
import { CpralError } from '../errors.ts';
import { type Credentials, guard } from '../grpc/guard.ts';
import type { Log } from '../log.ts';
import { type Identity, OWNER_IDENTITY } from './caller.ts';
import { ALL_PROJECTS } from './project.ts';

export function serviceNamed(subject: string): Identity {
  return { kind: 'service', subject, grants: [{ project: ALL_PROJECTS, role: 'worker' }] };
}

export function notKnown(): CpralError {
  return new CpralError('UNAUTHENTICATED', 'expected a token, a key or a certificate, got none', {
    field: 'authorization',
    reason: 'NO_IDENTITY',
  });
}

/** Of a worker's own door. @param isClosed false: whoever reaches it is its owner */
export function workerGuard(log: Log, isClosed: boolean) {
  const identify = async ({ certificateNames: [name] }: Credentials) => {
    if (!isClosed) return OWNER_IDENTITY;
    if (name === undefined) throw notKnown();
    return serviceNamed(name);
  };
  return guard({ identify, log });
}
