// A process's certificate, its key, and the authority that it trusts, from files that somebody renews: read again and again, and taken over only
// where certificate and key belong together. What is half written, or gone, changes nothing: the one in use stays.
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import type { experimental } from '@grpc/grpc-js';
import { invalid } from '../errors.ts';

export interface TlsFiles {
  /** PEM: the certificate, and those between it and the authority. */
  readonly certFile: string;
  readonly keyFile: string;
  /** PEM: whose certificates are believed, those of servers and of clients. */
  readonly caFile: string;
}

type Provider = experimental.CertificateProvider;
type CaListener = experimental.CaCertificateUpdateListener;
type IdentityListener = experimental.IdentityCertificateUpdateListener;

interface Contents {
  readonly certificate: Buffer;
  readonly privateKey: Buffer;
  readonly caCertificate: Buffer;
}

/** Kubernetes writes a renewed secret within a minute, long before the old certificate ends. */
const REFRESH_MS = 30_000;

/**
 * @param onError hears what is wrong with files that were changed
 * @throws INVALID_ARGUMENT where the files cannot be used now
 */
export function certificateFiles(
  files: TlsFiles,
  { onError = () => {}, refreshMs = REFRESH_MS }: { onError?: (error: unknown) => void; refreshMs?: number } = {},
): Provider {
  let current = readNow(files);
  const caListeners = new Set<CaListener>();
  const identityListeners = new Set<IdentityListener>();
  let timer: NodeJS.Timeout | undefined;

  const refresh = async () => {
    try {
      const [certificate, privateKey, caCertificate] = await Promise.all([
        readFile(files.certFile),
        readFile(files.keyFile),
        readFile(files.caFile),
      ]);
      const next = { certificate, privateKey, caCertificate };
      if (isSame(current, next)) return;
      check(next);
      current = next;
      for (const listener of identityListeners) listener(current);
      for (const listener of caListeners) listener(current);
    } catch (error) {
      onError(error);
    }
  };
  const watch = () => {
    const isHeard = caListeners.size + identityListeners.size > 0;
    if (isHeard) timer ??= setInterval(() => void refresh(), refreshMs).unref();
    else {
      clearInterval(timer);
      timer = undefined;
    }
  };

  return {
    addCaCertificateListener(listener) {
      caListeners.add(listener);
      watch();
      process.nextTick(listener, current);
    },
    removeCaCertificateListener(listener) {
      caListeners.delete(listener);
      watch();
    },
    addIdentityCertificateListener(listener) {
      identityListeners.add(listener);
      watch();
      process.nextTick(listener, current);
    },
    removeIdentityCertificateListener(listener) {
      identityListeners.delete(listener);
      watch();
    },
  };
}

function readNow(files: TlsFiles): Contents {
  const read = (file: string, field: string) => {
    try {
      return readFileSync(file);
    } catch (cause) {
      throw invalid(`${field}: cannot read "${file}"`, { field, cause });
    }
  };
  const contents = {
    certificate: read(files.certFile, 'CPRAL_TLS_CERT_FILE'),
    privateKey: read(files.keyFile, 'CPRAL_TLS_KEY_FILE'),
    caCertificate: read(files.caFile, 'CPRAL_TLS_CA_FILE'),
  };
  try {
    check(contents);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw invalid(`CPRAL_TLS_CERT_FILE: certificate, key and authority cannot be used together: ${why}`, {
      field: 'CPRAL_TLS_CERT_FILE',
      cause,
    });
  }
  return contents;
}

/** Throws where something is no PEM, or the key is not the certificate's. */
function check({ certificate, privateKey, caCertificate }: Contents): void {
  createSecureContext({ cert: certificate, key: privateKey, ca: caCertificate });
}

function isSame(a: Contents, b: Contents): boolean {
  return (
    a.certificate.equals(b.certificate) && a.privateKey.equals(b.privateKey) && a.caCertificate.equals(b.caCertificate)
  );
}
