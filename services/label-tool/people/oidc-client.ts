// The provider, as a client of its code flow: with a proof (PKCE, S256), a state and a nonce in each sign-in.
import * as client from 'openid-client';
import { CpralError } from '../../shared/errors.ts';
import { grantsIn } from '../../shared/identity/oidc-tokens.ts';
import type { Grant } from '../../shared/identity/roles.ts';
import type { SignInConfig } from './sign-in-config.ts';

/** What must be the same when the browser comes back. */
export interface SignInUnderWay {
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
  readonly startedAtMs: number;
}

export interface SignedIn {
  readonly subject: string;
  readonly name: string;
  readonly token: string;
  readonly grants: readonly Grant[];
  readonly expiresAtMs: number;
}

export interface OidcClient {
  begin(redirectUri: string, nowMs: number): Promise<{ readonly url: URL; readonly underWay: SignInUnderWay }>;
  /** @throws UNAUTHENTICATED where it is not the answer to what was begun */
  finish(answered: URL, underWay: SignInUnderWay): Promise<SignedIn>;
}

const SCOPE = 'openid profile';
const LIMIT_SECONDS = 10;

export function oidcClient({ issuer, clientId, clientSecret, rolesClaim }: SignInConfig): OidcClient {
  let found: Promise<client.Configuration> | undefined;
  const provider = () => {
    const isPlain = issuer.startsWith('http://');
    const options = { timeout: LIMIT_SECONDS, ...(isPlain ? { execute: [client.allowInsecureRequests] } : {}) };
    const shown = clientSecret === undefined ? client.None() : client.ClientSecretBasic(clientSecret);
    found ??= client.discovery(new URL(issuer), clientId, undefined, shown, options).catch((cause: unknown) => {
      found = undefined;
      throw new CpralError('UNAVAILABLE', 'the identity provider does not answer', {
        reason: 'IDENTITY_PROVIDER_UNAVAILABLE',
        cause,
      });
    });
    return found;
  };

  return {
    async begin(redirectUri, nowMs) {
      const [verifier, state, nonce] = [client.randomPKCECodeVerifier(), client.randomState(), client.randomNonce()];
      const url = client.buildAuthorizationUrl(await provider(), {
        ...{ redirect_uri: redirectUri, scope: SCOPE, state, nonce },
        ...{ code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' },
      });
      return { url, underWay: { verifier, state, nonce, startedAtMs: nowMs } };
    },
    async finish(answered, { verifier, state, nonce }) {
      const configuration = await provider();
      const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true };
      try {
        const tokens = await client.authorizationCodeGrant(configuration, answered, checks);
        const claims = tokens.claims()!;
        const { sub: subject, name, exp } = claims;
        return {
          ...{ subject, token: tokens.id_token!, grants: grantsIn(claims[rolesClaim]), expiresAtMs: 1_000 * exp },
          name: typeof name === 'string' ? name.slice(0, 100) : subject,
        };
      } catch (cause) {
        // Its words may hold what the provider was sent.
        throw new CpralError('UNAUTHENTICATED', 'the sign-in did not succeed: try again', {
          reason: 'SIGN_IN_FAILED',
          cause,
        });
      }
    },
  };
}
