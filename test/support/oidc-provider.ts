// An OIDC provider of a test's own, on the loopback: whoever is named next signs in without a form.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';

export const CLIENT_ID = 'label-tool';
const ROLES = 'cpral_roles';

export interface TestProvider {
  readonly issuer: string;
  /** Who signs in next, with which roles. */
  nextPerson(subject: string, roles: readonly string[]): void;
  /** What people are sent back to; before the first of them comes. */
  serve(redirectUri: string): Promise<void>;
  close(): Promise<void>;
}

export async function startOidcProvider({ idTokenSeconds = 300 } = {}): Promise<TestProvider> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const roles = new Map<string, readonly string[]>();
  let next = '';
  return {
    issuer,
    nextPerson(subject, granted) {
      next = subject;
      roles.set(subject, granted);
    },
    async serve(redirectUri) {
      const { privateKey } = await generateKeyPair('RS256', { extractable: true });
      const key = { ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: 'first' };
      const provider = new Provider(issuer, {
        clients: [
          {
            client_id: CLIENT_ID,
            token_endpoint_auth_method: 'none',
            redirect_uris: [redirectUri],
            grant_types: ['authorization_code'],
            response_types: ['code'],
          },
        ],
        jwks: { keys: [key] as never },
        cookies: { keys: ['of this test alone'] },
        claims: { openid: ['sub', ROLES], profile: ['name'] },
        conformIdTokenClaims: false,
        features: { devInteractions: { enabled: false } },
        pkce: { required: () => true },
        ttl: { IdToken: idTokenSeconds, AccessToken: 300, Session: 300, Grant: 300, Interaction: 300 },
        interactions: { url: (_, { uid }) => `/interaction/${uid}` },
        findAccount: (_, sub) => ({
          accountId: sub,
          claims: async () => ({ sub, name: `Name of ${sub}`, [ROLES]: [...(roles.get(sub) ?? [])] }),
        }),
        async loadExistingGrant({ oidc }) {
          const grant = new oidc.provider.Grant({
            accountId: oidc.account!.accountId,
            clientId: oidc.client!.clientId,
          });
          grant.addOIDCScope('openid profile');
          await grant.save();
          return grant;
        },
      });
      const answer = provider.callback();
      server.on('request', (request, response) => {
        if (!request.url?.startsWith('/interaction/')) return void answer(request, response);
        void provider.interactionFinished(request, response, { login: { accountId: next, remember: false } });
      });
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
