// The settings of this service, from the environment.

import { type Environment, readServiceConfig, required, type ServiceConfig } from '../shared/environment.ts';
import { invalid } from '../shared/errors.ts';
import { type LauncherConfig, readLauncher } from './launcher/launcher-config.ts';

const DEFAULT_PORT = 4101;
const LEASE = 'CPRAL_LEASE_SECONDS';
/** A worker renews its lease every second; a busy machine may be late by some. */
const MIN_LEASE_SECONDS = 5;
const MAX_LEASE_SECONDS = 600;

export interface RegistryConfig extends ServiceConfig {
  readonly databaseUrl: string;
  /** Of the role that owns the tables; absent: the same. */
  readonly databaseOwnerUrl: string | undefined;
  /** A worker that says nothing for so long has lost its item. */
  readonly leaseMs: number | undefined;
  /** Absent: trainings go to the queue. */
  readonly launcher: LauncherConfig | undefined;
}

export function readConfig(environment: Environment = process.env): RegistryConfig {
  return {
    ...readServiceConfig(environment, { port: DEFAULT_PORT }),
    databaseUrl: required(environment, 'CPRAL_DATABASE_URL'),
    databaseOwnerUrl: environment.CPRAL_DATABASE_OWNER_URL || undefined,
    leaseMs: readLease(environment[LEASE]),
    launcher: readLauncher(environment),
  };
}

function readLease(text: string | undefined): number | undefined {
  if (!text) return undefined;
  const seconds = Number(text);
  if (!Number.isInteger(seconds) || seconds < MIN_LEASE_SECONDS || seconds > MAX_LEASE_SECONDS) {
    const expected = `a whole number of seconds from ${MIN_LEASE_SECONDS} to ${MAX_LEASE_SECONDS}`;
    throw invalid(`${LEASE}: expected ${expected}, got "${text}"`, { field: LEASE });
  }
  return 1_000 * seconds;
}
