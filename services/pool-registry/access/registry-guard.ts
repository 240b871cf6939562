// The guard of the registry's server: callers by token, key or certificate, objects by the rows of their project, and the audit log.
import { timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../shared/clock.ts';
import { CpralError } from '../../shared/errors.ts';
import { type Credentials, guard } from '../../shared/grpc/guard.ts';
import { callRates } from '../../shared/identity/call-rates.ts';
import { type Identity, OWNER_IDENTITY } from '../../shared/identity/caller.ts';
import type { IdentityConfig } from '../../shared/identity/identity-config.ts';
import { oidcTokens } from '../../shared/identity/oidc-tokens.ts';
import { ALL_PROJECTS } from '../../shared/identity/project.ts';
import { notKnown, serviceNamed } from '../../shared/identity/services.ts';
import type { Log } from '../../shared/log.ts';
import { translated } from '../database/failures.ts';
import type { Database } from '../database.ts';
import { hashOf, identityOfKey, KEY_MARK } from './api-keys.ts';
import { writeAudit } from './audit.ts';
import { checkObjects } from './owned-objects.ts';

interface GuardContext {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Log;
}

interface RegistryIdentities extends IdentityConfig {
  /** Of workers in the same process: made when it starts, and never written anywhere. */
  readonly workerKey?: string | undefined;
}

/** @param identities undefined: whoever reaches the server is its owner */
export function registryGuard(context: GuardContext, identities: RegistryIdentities | undefined) {
  const { db, clock, log } = context;
  const count = identities?.callRate && callRates(identities.callRate);
  return guard({
    log,
    identify: identities ? identifier(context, identities) : async () => OWNER_IDENTITY,
    checkRate({ kind, subject }) {
      if (kind === 'person' || kind === 'program') count?.(`${kind} ${subject}`, clock.now());
    },
    checkObjects: (project, digests) => checkObjects(db, project, digests).catch(rethrow),
    audit: (entry) => writeAudit(db, entry).catch(rethrow),
  });
}

function identifier({ db, clock }: GuardContext, { oidc, adminKey, workerKey }: RegistryIdentities) {
  const personOf = oidc && oidcTokens(oidc);
  const known = [
    ...(adminKey ? [[hashOf(adminKey), ADMIN] as const] : []),
    ...(workerKey ? [[hashOf(workerKey), serviceNamed('embedded')] as const] : []),
  ];
  return async ({ token, certificateNames }: Credentials): Promise<Identity> => {
    const [name] = certificateNames;
    if (token === '') {
      if (name !== undefined) return serviceNamed(name);
      throw notKnown();
    }
    const hash = hashOf(token);
    const own = known.find(([each]) => timingSafeEqual(each, hash));
    if (own) return own[1];
    if (!token.startsWith(KEY_MARK) && personOf) return personOf(token);
    const program = await identityOfKey(db, token, clock.now()).catch(rethrow);
    if (!program) throw new CpralError('UNAUTHENTICATED', 'the key is nobody’s, or not any more', KEY_REFUSED);
    return program;
  };
}

const ADMIN: Identity = {
  kind: 'program',
  subject: 'admin-key',
  grants: [{ project: ALL_PROJECTS, role: 'admin' }],
};
const KEY_REFUSED = { field: 'authorization', reason: 'KEY_REFUSED' };

function rethrow(error: unknown): never {
  throw translated(error);
}
