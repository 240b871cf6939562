// How callers are known, from the environment: by an OIDC provider, by a first key, or not at all.
import { readFileSync } from 'node:fs';
import { invalid } from '../errors.ts';
import type { CallRate } from './call-rates.ts';

export interface OidcConfig {
  /** As tokens have it; its keys are found by its discovery document. */
  readonly issuer: string;
  /** A token must be for one of these. */
  readonly audiences: readonly string[];
  /** The claim with a list of PROJECT:ROLE. */
  readonly rolesClaim: string;
}

export interface IdentityConfig {
  readonly oidc: OidcConfig | undefined;
  /** A key of an admin of all projects, by which the first others are made. */
  readonly adminKey: string | undefined;
  /** Of each person and each program; undefined: as fast as they like. */
  readonly callRate?: CallRate | undefined;
}

/** What an open server says when it starts. */
export const OPEN_ACCESS = 'access is open: whoever reaches this address is its owner';

const CALLS = 'CPRAL_CALLS_PER_SECOND';
/** More than an import by a program comes to, and far less than would keep others waiting. */
const DEFAULT_CALLS_PER_SECOND = 1_000;
const MAX_CALLS_PER_SECOND = 1_000_000;
const BURST_SECONDS = 4;
const ADMIN_KEY = 'CPRAL_ADMIN_KEY_FILE';
const MIN_ADMIN_KEY = 32;
const LOOPBACK_ISSUER = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(\/|$)/;

/** @returns undefined where nobody is asked who they are @throws INVALID_ARGUMENT naming the variable */
export function readIdentity(environment: Readonly<Record<string, string | undefined>>): IdentityConfig | undefined {
  const oidc = readOidc(environment);
  const file = environment[ADMIN_KEY];
  const adminKey = file ? readKey(file, ADMIN_KEY) : undefined;
  const isClosed = oidc !== undefined || adminKey !== undefined || environment.CPRAL_ACCESS === 'closed';
  const access = environment.CPRAL_ACCESS || (isClosed ? 'closed' : 'open');
  if (access !== 'open' && access !== 'closed') {
    throw invalid(`CPRAL_ACCESS: expected open or closed, got "${access}"`, { field: 'CPRAL_ACCESS' });
  }
  if (access === 'open' && isClosed) {
    throw invalid('CPRAL_ACCESS: expected closed beside an issuer or a key, got open', { field: 'CPRAL_ACCESS' });
  }
  return isClosed ? { oidc, adminKey, callRate: readCallRate(environment[CALLS]) } : undefined;
}

function readCallRate(text: string | undefined): CallRate | undefined {
  const perSecond = text ? Number(text) : DEFAULT_CALLS_PER_SECOND;
  if (!Number.isInteger(perSecond) || perSecond < 0 || perSecond > MAX_CALLS_PER_SECOND) {
    throw invalid(`${CALLS}: expected a whole number from 0 (no limit) to ${MAX_CALLS_PER_SECOND}, got "${text}"`, {
      field: CALLS,
    });
  }
  return perSecond === 0 ? undefined : { perSecond, burst: BURST_SECONDS * perSecond };
}

function readOidc(environment: Readonly<Record<string, string | undefined>>): OidcConfig | undefined {
  const issuer = environment.CPRAL_OIDC_ISSUER;
  if (!issuer) return undefined;
  if (!URL.canParse(issuer) || !(issuer.startsWith('https://') || LOOPBACK_ISSUER.test(issuer))) {
    throw invalid(`CPRAL_OIDC_ISSUER: expected an https:// address, got "${issuer}"`, { field: 'CPRAL_OIDC_ISSUER' });
  }
  const audiences = (environment.CPRAL_OIDC_AUDIENCE ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean);
  if (audiences.length === 0) {
    throw invalid('CPRAL_OIDC_AUDIENCE: expected whom tokens must be for, got nothing', {
      field: 'CPRAL_OIDC_AUDIENCE',
    });
  }
  return { issuer, audiences, rolesClaim: environment.CPRAL_OIDC_ROLES_CLAIM || 'cpral_roles' };
}

/** A key is named by its file: what stands in the environment or on a command line is seen by others. */
export function readKey(file: string, field: string, minLength = MIN_ADMIN_KEY): string {
  let key: string;
  try {
    key = readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw invalid(`${field}: cannot read "${file}"`, { field, cause });
  }
  if (/^\S+$/.test(key) && key.length >= minLength) return key;
  throw invalid(`${field}: expected a key of at least ${minLength} characters in "${file}", got something else`, {
    field,
  });
}
