// `cpral serve` as a process: whom it lets in, by what its environment says.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { PoolRegistryClient } from '../../proto/gen/cpral/v1/pool_registry.ts';
import { call, clientOptions } from '../../services/shared/grpc/client.ts';
import { channelCredentials } from '../../services/shared/grpc/credentials.ts';
import { makeCertificates } from '../support/certificates.ts';
import { clientsOf, makeKey, secret } from '../support/identities.ts';

const MAIN = path.resolve(import.meta.dirname, '../../services/cli/main.ts');
const folder = mkdtempSync(path.join(tmpdir(), 'cpral-serve-'));
const running: ChildProcess[] = [];
let homes = 0;

afterAll(() => {
  for (const each of running) each.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

interface Serving {
  readonly home: string;
  readonly address: string;
  /** All that it wrote on its two streams so far. */
  output(): string;
  /** @returns its exit code */
  end(): Promise<number>;
}

function start(args: readonly string[], environment: Readonly<Record<string, string>>) {
  const home = path.join(folder, `home-${homes++}`);
  const env = { PATH: process.env.PATH ?? '', ...environment };
  const child = spawn(process.execPath, [MAIN, 'serve', '--home', home, ...args], { env });
  running.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  return { home, child, output: () => output, exited: once(child, 'exit') };
}

async function serve(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Serving> {
  const { home, child, output, exited } = start(['--page', 'none', ...args], environment);
  await expect.poll(output, { timeout: 60_000 }).toMatch(/Ctrl-C ends it/);
  const [address = ''] = output()
    .split('\n')
    .filter((line) => /^\S+:\d+$/.test(line));
  return {
    ...{ home, address, output },
    async end() {
      child.kill('SIGTERM');
      return (await exited)[0] as number;
    },
  };
}

/** What it says instead of serving. */
async function refusal(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<string> {
  const { output, exited } = start(args, environment);
  expect((await exited)[0]).not.toBe(0);
  return output();
}

const file = (name: string, text: string) => {
  const at = path.join(folder, name);
  writeFileSync(at, text);
  return at;
};

describe('cpral serve', () => {
  it('is open on the loopback, and says so', async () => {
    const serving = await serve(['--listen', '127.0.0.1:0']);
    expect(serving.output()).toContain('access is open: whoever reaches these addresses is the owner');
    expect(await serving.end()).toBe(0);
  });

  it.each([
    ['--listen', ['--page', 'none', '--listen', '0.0.0.0:0'], {}],
    ['--page', ['--listen', '127.0.0.1:0', '--page', '0.0.0.0:0'], {}],
    ['CPRAL_TLS_KEY_FILE', ['--listen', '0.0.0.0:0'], { CPRAL_TLS_CERT_FILE: 'cert.pem' }],
    ['CPRAL_OIDC_AUDIENCE', [], { CPRAL_OIDC_ISSUER: 'https://login.example.org' }],
    ['CPRAL_OIDC_ISSUER', [], { CPRAL_OIDC_ISSUER: 'http://login.example.org', CPRAL_OIDC_AUDIENCE: 'a' }],
    ['CPRAL_LABEL_TOOL_OIDC_CLIENT_ID', [], { CPRAL_OIDC_ISSUER: 'https://a.org', CPRAL_OIDC_AUDIENCE: 'a' }],
    ['CPRAL_ACCESS', [], { CPRAL_ACCESS: 'ajar' }],
    ['CPRAL_ADMIN_KEY_FILE', [], { CPRAL_ADMIN_KEY_FILE: '/nowhere' }],
  ])('does not start without what %s needs', async (named, args, environment) => {
    expect(await refusal(args, environment)).toContain(`${named}:`);
  });

  it('beyond the loopback is encrypted, and hears whom it knows', async () => {
    const files = makeCertificates(folder);
    const adminKey = secret();
    const serving = await serve(['--listen', '0.0.0.0:0'], {
      ...{ CPRAL_TLS_CERT_FILE: files.certFile, CPRAL_TLS_KEY_FILE: files.keyFile, CPRAL_TLS_CA_FILE: files.caFile },
      CPRAL_ADMIN_KEY_FILE: file('admin.key', adminKey),
    });
    const address = serving.address.replace('0.0.0.0', 'localhost');
    const ask = async (tls: typeof files | undefined, token: string) => {
      const options = clientOptions({}, () => ({ token, project: '' }));
      const client = new PoolRegistryClient(address, channelCredentials(tls && { files: tls }), options);
      const asked = call(client.listDatasets.bind(client), { pageSize: 0, pageToken: '' }, { deadlineMs: 5_000 });
      return asked
        .then(
          () => 'OK',
          ({ code }: { code: string }) => code,
        )
        .finally(() => client.close());
    };
    expect(await ask(files, adminKey)).toBe('OK');
    expect(await ask(files, secret())).toBe('UNAUTHENTICATED');
    expect(await ask(files, '')).toBe('PERMISSION_DENIED');
    expect(await ask(undefined, adminKey)).toBe('UNAVAILABLE');
    expect(await serving.end()).toBe(0);
  });
});

describe('secrets', () => {
  it('are in no log, no output, no error, no process list and no file that it writes', async () => {
    const planted = { admin: secret(), wrong: secret(), bearer: secret() };
    const serving = await serve(['--listen', '127.0.0.1:0', '--log-level', 'debug'], {
      CPRAL_ADMIN_KEY_FILE: file('planted.key', planted.admin),
    });
    const admin = clientsOf(serving.address, planted.admin);
    const made = await makeKey(admin, 'maps', 'viewer');
    const said: string[] = [];
    for (const token of [
      planted.wrong,
      `cpral-key.0123456789ab.${planted.wrong}`,
      `${made.secret}x`,
      `a.${planted.bearer}.c`,
    ]) {
      const { registry, close } = clientsOf(serving.address, token);
      await call(registry.listDatasets.bind(registry), { pageSize: -1, pageToken: token }, { deadlineMs: 5_000 }).catch(
        (error: Error) => said.push(`${error.message} ${JSON.stringify(error)}`),
      );
      close();
    }
    const viewer = clientsOf(serving.address, made.secret);
    await call(
      viewer.registry.getDataset.bind(viewer.registry),
      { datasetId: 'maps_none' },
      { deadlineMs: 5_000 },
    ).catch((error: Error) => said.push(`${error.message} ${JSON.stringify(error)}`));
    const processes = commandLines();
    admin.close();
    viewer.close();
    expect(await serving.end()).toBe(0);
    expect(said).toHaveLength(5);
    const written = filesIn(serving.home).map((each) => readFileSync(each, 'latin1'));
    expect(written.join('')).toContain('call refused');
    expect(written.join('')).toContain(made.keyId);
    const everything = [serving.output(), ...said, ...processes, ...written].join('\n');
    for (const word of [...Object.values(planted), made.secret.split('.')[2]!]) expect(everything).not.toContain(word);
  });
});

/** Of all processes of this machine, as anybody on it sees them. */
function commandLines(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      } catch {
        // It has ended meanwhile.
        return '';
      }
    });
}

function filesIn(home: string): string[] {
  return readdirSync(home, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(home, name))
    .filter((each) => statSync(each).isFile());
}
