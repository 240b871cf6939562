// Tokens as `nsc` makes them: an operator, an account with JetStream, a user with the credentials file that it logs in by.
import { nkeys } from '@nats-io/transport-node';

const UNLIMITED = -1;

/** @returns the server's settings, and a credentials file */
export function natsOperator(): { settings: string; credentials: string } {
  const [operator, system, account, user] = [
    nkeys.createOperator(),
    nkeys.createAccount(),
    nkeys.createAccount(),
    nkeys.createUser(),
  ];
  const accountLimits = {
    ...{ subs: UNLIMITED, data: UNLIMITED, payload: UNLIMITED, imports: UNLIMITED, exports: UNLIMITED },
    ...{ wildcards: true, conn: UNLIMITED, leaf: UNLIMITED },
    ...{ mem_storage: UNLIMITED, disk_storage: UNLIMITED, streams: UNLIMITED, consumer: UNLIMITED },
  };
  const userLimits = { subs: UNLIMITED, data: UNLIMITED, payload: UNLIMITED, pub: {}, sub: {} };
  const operatorJwt = signed(operator, operator, { type: 'operator' });
  const accountJwt = signed(operator, account, { type: 'account', limits: accountLimits });
  const systemJwt = signed(operator, system, { type: 'account' });
  const userJwt = signed(account, user, { type: 'user', ...userLimits });
  return {
    settings: `operator: "${operatorJwt}"
resolver: MEMORY
system_account: ${system.getPublicKey()}
resolver_preload { ${system.getPublicKey()}: "${systemJwt}", ${account.getPublicKey()}: "${accountJwt}" }
`,
    credentials: `-----BEGIN NATS USER JWT-----
${userJwt}
------END NATS USER JWT------

-----BEGIN USER NKEY SEED-----
${Buffer.from(user.getSeed()).toString()}
------END USER NKEY SEED------
`,
  };
}

function signed(issuer: nkeys.KeyPair, subject: nkeys.KeyPair, nats: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const sub = subject.getPublicKey();
  const claims = { jti: sub, iat: 1_700_000_000, iss: issuer.getPublicKey(), sub, name: 'test' };
  const body = `${part({ typ: 'JWT', alg: 'ed25519-nkey' })}.${part({ ...claims, nats: { ...nats, version: 2 } })}`;
  return `${body}.${Buffer.from(issuer.sign(Buffer.from(body))).toString('base64url')}`;
}
