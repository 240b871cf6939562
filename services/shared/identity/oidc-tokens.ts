// Tokens of the OIDC provider: whose they are, checked against the provider's present keys.
import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { CpralError } from '../errors.ts';
import type { Identity } from './caller.ts';
import type { OidcConfig } from './identity-config.ts';
import { type Grant, isRole } from './roles.ts';

/** Signatures by a key pair alone: one that the provider shares with its clients would let each of them make tokens. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
const CLOCK_TOLERANCE_SECONDS = 30;
const DISCOVERY_LIMIT_MS = 5_000;
/** Keys are asked for again where a token names one that is not known: at most so often. */
const KEYS_COOLDOWN_MS = 10_000;
const MAX_TOKEN = 16_384;
const MAX_SUBJECT = 200;
const MAX_GRANTS = 200;

export function oidcTokens(config: OidcConfig, { cooldownMs = KEYS_COOLDOWN_MS }: { cooldownMs?: number } = {}) {
  let keys: Promise<JWTVerifyGetKey> | undefined;
  const findKeys = () => {
    keys ??= remoteKeys(config.issuer, cooldownMs).catch((error: unknown) => {
      keys = undefined;
      throw error;
    });
    return keys;
  };

  /** @throws UNAUTHENTICATED where it is not to be believed, UNAVAILABLE where the provider's keys cannot be had */
  return async (token: string): Promise<Identity> => {
    if (token.length > MAX_TOKEN) throw refused(`expected at most ${MAX_TOKEN} characters`);
    const { issuer, audiences } = config;
    const checks = {
      issuer,
      audience: [...audiences],
      algorithms: ALGORITHMS,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      requiredClaims: ['sub', 'exp'],
    };
    try {
      const { payload } = await jwtVerify(token, await findKeys(), checks);
      return identityOf(payload, config.rolesClaim);
    } catch (error) {
      throw translated(error);
    }
  };
}

async function remoteKeys(issuer: string, cooldownDuration: number): Promise<JWTVerifyGetKey> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await fetch(address, { signal: AbortSignal.timeout(DISCOVERY_LIMIT_MS), redirect: 'error' });
  if (!response.ok) throw new Error(`${address} answers ${response.status}`);
  const found = (await response.json()) as { issuer?: unknown; jwks_uri?: unknown };
  if (found.issuer !== issuer || typeof found.jwks_uri !== 'string') {
    throw new Error(`${address}: expected the document of ${issuer}, got another's`);
  }
  return createRemoteJWKSet(new URL(found.jwks_uri), { cooldownDuration, timeoutDuration: DISCOVERY_LIMIT_MS });
}

function identityOf(payload: JWTPayload, rolesClaim: string): Identity {
  const { sub = '' } = payload;
  if (sub === '' || sub.length > MAX_SUBJECT) throw refused('expected a subject');
  return { kind: 'person', subject: sub, grants: grantsIn(payload[rolesClaim]) };
}

/** PROJECT:ROLE each; what is not one is no grant. A worker is none of the provider's. */
export function grantsIn(claim: unknown): Grant[] {
  const words = typeof claim === 'string' ? claim.split(/[\s,]+/) : Array.isArray(claim) ? claim : [];
  return words.slice(0, MAX_GRANTS).flatMap((word: unknown): Grant[] => {
    const [, project = '', role = ''] = /^(\*|[a-z][a-z0-9-]{0,19}):([a-z]+)$/.exec(String(word)) ?? [];
    return project !== '' && isRole(role) && role !== 'worker' ? [{ project, role }] : [];
  });
}

/** One sentence for each cause, and nothing of the token. */
function translated(error: unknown): unknown {
  if (error instanceof CpralError) return error;
  if (error instanceof errors.JWTExpired) return refused('it has expired', 'TOKEN_EXPIRED');
  if (error instanceof errors.JWTClaimValidationFailed) return refused(`its claim "${error.claim}" is not as expected`);
  const isAway = error instanceof errors.JWKSTimeout || !(error instanceof errors.JOSEError) || isFetch(error);
  if (!isAway) return refused('its form, key or signature is not as expected');
  return new CpralError('UNAVAILABLE', 'the keys of the identity provider cannot be had for the moment: try again', {
    reason: 'IDENTITY_PROVIDER_UNAVAILABLE',
    cause: error,
  });
}

/** The set of keys could not be fetched, or is none. */
const isFetch = (error: errors.JOSEError) => error.code === 'ERR_JOSE_GENERIC' || error.code === 'ERR_JWKS_INVALID';

function refused(why: string, reason = 'TOKEN_REFUSED'): CpralError {
  return new CpralError('UNAUTHENTICATED', `the token is refused: ${why}`, { field: 'authorization', reason });
}
