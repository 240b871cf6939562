// How a connection is secured: by certificates on both sides, or not at all.
import { type ChannelCredentials, credentials, experimental, ServerCredentials } from '@grpc/grpc-js';
import { certificateFiles, type TlsFiles } from './certificate-files.ts';

/** Connections are made by both sides of a process with the same certificate. */
export interface TlsOptions {
  readonly files: TlsFiles;
  /** Hears what is wrong with files that were changed; the certificate in use stays. */
  readonly onError?: (error: unknown) => void;
  readonly refreshMs?: number;
  /** Also clients without a certificate are heard: they show a token instead. */
  readonly tokensSuffice?: boolean;
}

/** @param tls undefined: plaintext. With it only clients are heard whose certificate its authority signed, or who bring a token. */
export function serverCredentials(tls: TlsOptions | undefined): ServerCredentials {
  if (!tls) return ServerCredentials.createInsecure();
  const provider = certificateFiles(tls.files, tls);
  return experimental.createCertificateProviderServerCredentials(provider, provider, !tls.tokensSuffice);
}

/** @param tls undefined: plaintext. With it only a server is believed whose certificate has the name that was called. */
export function channelCredentials(tls: TlsOptions | undefined): ChannelCredentials {
  if (!tls) return credentials.createInsecure();
  const provider = certificateFiles(tls.files, tls);
  return experimental.createCertificateProviderChannelCredentials(provider, provider);
}
