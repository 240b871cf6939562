// A service's certificates, with what is wrong with renewed ones in its log.
import type { ServiceConfig } from '../environment.ts';
import type { Log } from '../log.ts';
import type { TlsOptions } from './credentials.ts';

export function tlsOf({ tls }: Pick<ServiceConfig, 'tls'>, log: Log): TlsOptions | undefined {
  return tls && { files: tls, onError: (error) => log.error({ err: error }, 'new certificates cannot be used') };
}
