// Before any handler: who calls, whether the method is for them, and whether what the request names is their project's. All calls of a server
// pass here, also those of services that are added later; what the table of permissions does not know is refused.
import {
  type Metadata,
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
  status,
} from '@grpc/grpc-js';
import { CpralError } from '../errors.ts';
import { asCaller, type Caller, callerIn, type Identity, maySee } from '../identity/caller.ts';
import { permissionOf } from '../identity/permissions.ts';
import { digestsIn, doesNotExist, idsIn } from '../identity/request-names.ts';
import type { Log } from '../log.ts';
import { checkValues } from './check-values.ts';
import { namesOf } from './peer-names.ts';
import { toServiceError } from './status.ts';

export interface Credentials {
  /** Of the header "authorization: Bearer ..."; empty where there is none. */
  readonly token: string;
  /** In the certificate that the connection was made with; it was checked against the authority. */
  readonly certificateNames: readonly string[];
}

export interface AuditEntry {
  readonly caller: Caller;
  /** The address that the call came from. */
  readonly from: string;
  readonly method: string;
  /** What the request names. */
  readonly target: string;
  /** STARTED, or how it ended where that was not well. */
  readonly outcome: string;
}

export interface GuardOptions {
  /** @throws UNAUTHENTICATED where they are nobody's */
  readonly identify: (credentials: Credentials) => Promise<Identity>;
  readonly log: Log;
  /** @throws RESOURCE_EXHAUSTED where somebody calls too often */
  readonly checkRate?: (caller: Caller) => void;
  /** @throws NOT_FOUND where an object is not the project's */
  readonly checkObjects?: (project: string, digests: readonly string[]) => Promise<void>;
  /** Hears of calls that change something before they happen; where it fails they do not. */
  readonly audit?: (entry: AuditEntry) => Promise<void>;
}

/** Calls that change nothing, or what nobody asks about: bytes under their digest, and work, which has its own table. */
const UNAUDITED = new Set(['anybody', 'somebody', 'look', 'fetch', 'store', 'work']);
/** Whoever acts is whoever calls: what the request says of it is checked, and filled in. */
const ACTORS: Readonly<Record<string, string>> = {
  '/cpral.v1.AnnotationQueue/LeaseAnnotationTask': 'annotator',
  '/cpral.v1.AnnotationQueue/ReviewAnnotation': 'reviewer',
};
const MAX_TARGET = 500;

const callers = new WeakMap<Metadata, Caller>();

/** Runs a handler as the caller that the guard has let through. */
export function asCallerOf<T>(metadata: Metadata, handle: () => T): T {
  const caller = callers.get(metadata);
  return caller ? asCaller(caller, handle) : handle();
}

export function guard(options: GuardOptions): ServerInterceptor {
  return ({ path }, call) => {
    let caller: Caller | undefined;
    let target: string | undefined;
    const refuse = (error: unknown) => {
      const known = error instanceof CpralError ? error : undefined;
      if (known) options.log.debug({ method: path, from: call.getPeer(), code: known.code }, 'call refused');
      else options.log.error({ method: path, err: error }, 'the guard failed');
      const { code = status.INTERNAL, details = '', metadata = null } = toServiceError(error);
      guarded.sendStatus({ code, details, metadata });
    };
    const audit = async (outcome: string) => {
      if (!caller || UNAUDITED.has(permissionOf(path) ?? '')) return;
      await options.audit?.({ caller, from: call.getPeer(), method: path.slice(1), target: target ?? '', outcome });
    };
    const guarded = new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata(metadata, pass) {
            identified(path, metadata, call, options)
              .then((found) => {
                caller = found;
                if (permissionOf(path) !== 'anybody') options.checkRate?.(caller);
                requirePermission(path, caller);
                callers.set(metadata, caller);
                pass(metadata);
              })
              .catch(refuse);
          },
          onReceiveMessage(message, pass) {
            checkRequest(path, message, caller!, options)
              .then(async () => {
                if (target === undefined) {
                  target = targetOf(path, message);
                  await audit('STARTED');
                }
                pass(message);
              })
              .catch(refuse);
          },
        }),
      sendStatus(sent, next) {
        if (sent.code !== status.OK) {
          const outcome = status[sent.code ?? status.UNKNOWN] ?? 'UNKNOWN';
          audit(outcome).catch((error) => options.log.error({ method: path, err: error }, 'not in the audit log'));
        }
        next(sent);
      },
    });
    return guarded;
  };
}

async function identified(
  path: string,
  metadata: Metadata,
  call: ServerInterceptingCallInterface,
  { identify }: GuardOptions,
): Promise<Caller> {
  if (permissionOf(path) === 'anybody') return NOBODY;
  const [authorization = ''] = metadata.get('authorization');
  const [, token = ''] = /^Bearer (\S+)$/i.exec(String(authorization)) ?? [];
  if (authorization !== '' && token === '') {
    throw new CpralError('UNAUTHENTICATED', 'authorization: expected Bearer and a token, got something else', {
      field: 'authorization',
    });
  }
  const certificateNames = namesOf(call.getAuthContext().sslPeerCertificate);
  const identity = await identify({ token, certificateNames });
  const [wanted = ''] = metadata.get('cpral-project');
  // Handlers have no use for them, and what is not there is in no log.
  metadata.remove('authorization');
  return callerIn(identity, String(wanted));
}

const NOBODY = callerIn({ kind: 'person', subject: '', grants: [{ project: '*', role: 'viewer' }] });

function requirePermission(path: string, { permissions }: Caller): void {
  const permission = permissionOf(path);
  if (permission !== undefined && permissions.has(permission)) return;
  throw new CpralError('PERMISSION_DENIED', `${path.slice(1)}: expected the permission for it, got none`, {
    reason: 'NO_PERMISSION',
  });
}

async function checkRequest(path: string, request: unknown, caller: Caller, options: GuardOptions): Promise<void> {
  // Results of work may be what a training came to, and are looked at where they are committed.
  if (permissionOf(path) !== 'work') checkValues(request);
  for (const named of idsIn(path, request)) if (!maySee(caller, named.id)) throw doesNotExist(named);
  const actor = ACTORS[path];
  if (actor !== undefined && caller.kind !== 'owner') act(request as Record<string, unknown>, actor, caller);
  if (caller.scope === undefined || !options.checkObjects) return;
  const digests = digestsIn(request);
  if (digests.length > 0) await options.checkObjects(caller.scope, digests);
}

function act(request: Record<string, unknown>, field: string, { subject }: Caller): void {
  if (request[field] !== '' && request[field] !== subject) {
    throw new CpralError('PERMISSION_DENIED', `${field}: expected nobody but whoever calls`, { field });
  }
  request[field] = subject;
}

/** Ids, and the few other words by which a call is known. */
function targetOf(path: string, request: unknown): string {
  const { part, ...fields } = request as Readonly<Record<string, unknown>> & { readonly part?: { value?: object } };
  // An import begins with what it is called.
  const { displayName, role, project, campaignId } = { ...fields, ...part?.value } as Readonly<Record<string, unknown>>;
  const words = Object.entries({ displayName, role, project, made: campaignId })
    .filter(
      ([name, value]) => value !== undefined && value !== '' && (name !== 'made' || path.endsWith('/CreateCampaign')),
    )
    .map(([name, value]) => `${name}=${value}`);
  return [...idsIn(path, request).map(({ field, id }) => `${field}=${id}`), ...words].join(' ').slice(0, MAX_TARGET);
}
