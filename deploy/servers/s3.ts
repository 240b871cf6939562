// An S3 server: versitygw over a folder.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { freePort } from './free-port.ts';
import { answersOk } from './probes.ts';
import { findProgram, type ProgramSource } from './program.ts';
import type { Say } from './say.ts';
import { secretOf } from './secret.ts';
import { type Server, startServer } from './server.ts';

const VERSION = '1.8.0';
const ACCESS_KEY_ID = 'cpral';
const BUCKET = 'cpral';

const SOURCE: ProgramSource = {
  name: 'versitygw',
  variable: 'CPRAL_S3_SERVER',
  image: { name: `docker.io/versity/versitygw:v${VERSION}`, data: '/data' },
  module: { name: 'versitygw', package: 'github.com/versity/versitygw/cmd/versitygw', version: VERSION },
};

export const findS3 = (say: Say) => findProgram(SOURCE, say);

export interface S3Server {
  readonly server: Server;
  /** As the services take it. */
  readonly objectsUrl: string;
  readonly credentials: { readonly AWS_ACCESS_KEY_ID: string; readonly AWS_SECRET_ACCESS_KEY: string };
}

export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** @param tls files that a program can read; in a container they are left out */
export async function startS3(folder: string, say: Say, tls?: TlsFiles): Promise<S3Server> {
  const program = await findS3(say);
  const port = await freePort();
  const url = `${tls ? 'https' : 'http'}://127.0.0.1:${port}`;
  const encryption = tls ? ['--cert', tls.certFile, '--key', tls.keyFile] : [];
  const data = path.join(folder, 's3');
  await mkdir(data, { recursive: true });
  const secret = secretOf(folder, 's3');
  const server = await startServer({
    name: 's3',
    url,
    port,
    folder,
    program,
    data,
    args: (seen) => ['--port', `127.0.0.1:${port}`, '--health', '/healthz', '--quiet', ...encryption, 'posix', seen],
    env: { ROOT_ACCESS_KEY: ACCESS_KEY_ID, ROOT_SECRET_KEY: secret },
    probe: () => answersOk(`${url}/healthz`),
  });
  return {
    server,
    objectsUrl: `s3://${BUCKET}?${new URLSearchParams({ endpoint: url, create: 'true' })}`,
    credentials: { AWS_ACCESS_KEY_ID: ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY: secret },
  };
}
