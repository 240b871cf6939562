import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OracleClient, type OracleServer, OracleService } from '../../../proto/gen/cpral/v1/oracle.ts';
import type { TlsFiles } from '../../../services/shared/grpc/certificate-files.ts';
import { call } from '../../../services/shared/grpc/client.ts';
import { channelCredentials } from '../../../services/shared/grpc/credentials.ts';
import { unary } from '../../../services/shared/grpc/handlers.ts';
import { grpcService, type RunningServer, startServer } from '../../../services/shared/grpc/server.ts';
import { makeCertificates } from '../../support/certificates.ts';
import { silent } from '../../support/silent.ts';

const REFRESH_MS = 20;
const folder = mkdtempSync(path.join(tmpdir(), 'cpral-tls-'));
const ours = () => makeIn('ours');
const others = () => makeIn('others');

function makeIn(name: string): TlsFiles {
  const inside = path.join(folder, name);
  mkdirSync(inside, { recursive: true });
  return makeCertificates(inside);
}

const oracle = grpcService(OracleService, {
  annotate: unary(silent, async () => ({ result: { labels: [], quality: undefined } })),
} satisfies OracleServer);

/** @returns how the call ended: OK, or the status */
async function ask(server: RunningServer, files: TlsFiles | undefined): Promise<string> {
  const client = new OracleClient(server.address, channelCredentials(files && { files }));
  try {
    await call(client.annotate.bind(client), { spec: undefined }, { deadlineMs: 2_000 });
    return 'OK';
  } catch (error) {
    return (error as { code: string }).code;
  } finally {
    client.close();
  }
}

let files: TlsFiles;
let foreign: TlsFiles;
beforeAll(() => {
  files = ours();
  foreign = others();
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a server with certificates', () => {
  it('hears only clients whose certificate its own authority signed', async () => {
    const server = await startServer('127.0.0.1:0', [oracle], undefined, { tls: { files } });
    try {
      expect(await ask(server, files)).toBe('OK');
      expect(await ask(server, { ...foreign, caFile: files.caFile })).toBe('UNAVAILABLE');
      expect(await ask(server, undefined)).toBe('UNAVAILABLE');
    } finally {
      await server.close();
    }
  });

  it('is not believed by a client of another authority', async () => {
    const server = await startServer('127.0.0.1:0', [oracle], undefined, { tls: { files } });
    try {
      expect(await ask(server, { ...files, caFile: foreign.caFile })).toBe('UNAVAILABLE');
    } finally {
      await server.close();
    }
  });

  it('takes renewed files over while it runs, and keeps what it has where they do not belong together', async () => {
    const inside = path.join(folder, 'renewed');
    mkdirSync(inside);
    const at = (name: string) => path.join(inside, name);
    const mine = { certFile: at('cert.pem'), keyFile: at('key.pem'), caFile: at('ca.pem') };
    const put = (from: TlsFiles) => {
      copyFileSync(from.certFile, mine.certFile);
      copyFileSync(from.keyFile, mine.keyFile);
      copyFileSync(from.caFile, mine.caFile);
    };
    put(files);
    const errors: unknown[] = [];
    const tls = { files: mine, refreshMs: REFRESH_MS, onError: (error: unknown) => errors.push(error) };
    const server = await startServer('127.0.0.1:0', [oracle], undefined, { tls });
    try {
      expect(await ask(server, files)).toBe('OK');
      copyFileSync(foreign.keyFile, mine.keyFile);
      await expect.poll(() => errors.length).toBeGreaterThan(0);
      expect(await ask(server, files)).toBe('OK');
      put(foreign);
      await expect.poll(() => ask(server, foreign), { timeout: 5_000 }).toBe('OK');
      expect(await ask(server, files)).toBe('UNAVAILABLE');
    } finally {
      await server.close();
    }
  });

  it('does not start with files that are missing, or that do not belong together', async () => {
    const start = (wrong: TlsFiles) => startServer('127.0.0.1:0', [oracle], undefined, { tls: { files: wrong } });
    await expect(start({ ...files, keyFile: path.join(folder, 'none') })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      field: 'CPRAL_TLS_KEY_FILE',
    });
    await expect(start({ ...files, keyFile: foreign.keyFile })).rejects.toMatchObject({ field: 'CPRAL_TLS_CERT_FILE' });
    const empty = path.join(folder, 'empty.pem');
    writeFileSync(empty, '');
    await expect(start({ ...files, certFile: empty })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});
