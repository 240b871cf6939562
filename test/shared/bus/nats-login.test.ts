// NATS as it is run outside of a laptop: with TLS, and only for those who log in.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Bus } from '../../../services/shared/bus/bus.ts';
import { natsBus } from '../../../services/shared/bus/nats/nats-bus.ts';
import { readNatsUrl } from '../../../services/shared/bus/nats/nats-url.ts';
import { type Certificates, makeCertificates, trust } from '../../support/certificates.ts';
import { logLines } from '../../support/log-lines.ts';
import { connectedBus, startTestNats } from '../../support/nats.ts';
import { natsOperator } from '../../support/nats-jwt.ts';

const timeout = 40_000;
const folder = mkdtempSync(path.join(tmpdir(), 'cpral-login-'));
let certificates: Certificates;
beforeAll(() => {
  certificates = makeCertificates(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});
const started = async (settings: string) => {
  const nats = await startTestNats(settings);
  opened.push(nats);
  return { nats, hostPort: nats.url.slice('nats://'.length) };
};
const withTls = () => `tls { cert_file: "${certificates.certFile}", key_file: "${certificates.keyFile}" }\n`;

/** Publishes, hands out and acknowledges. */
async function works(bus: Bus): Promise<void> {
  opened.push(bus);
  const taken: string[] = [];
  const consumer = bus.consumeWork('rate', async ({ itemId }) => {
    taken.push(itemId);
    return { action: 'forget' };
  });
  await bus.publishWork('rate', { itemId: 'item' });
  await expect.poll(() => taken, { timeout }).toEqual(['item']);
  await consumer.close();
}

/** What a bus logs until it says why there is no connection. */
async function refusal(url: string): Promise<string> {
  const { log, lines } = logLines('test');
  const bus = natsBus({ ...readNatsUrl(url), log });
  opened.push(bus);
  await expect.poll(() => JSON.stringify(lines), { timeout }).toContain('no connection');
  await expect(bus.check()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  return JSON.stringify(lines);
}

describe('NATS with TLS', () => {
  it('is not talked to while its certificate is not trusted, and works once it is, with user and password', async () => {
    const { hostPort } = await started(`${withTls()}authorization { user: me, password: "p@ss" }\n`);
    const url = `tls://me:p%40ss@${hostPort}`;
    expect(await refusal(url)).toMatch(/certificate/i);
    trust(certificates);
    await works(await connectedBus(url));
    expect(await refusal(`tls://me:wrong@${hostPort}`)).toMatch(/authorization/i);
  });

  it('is asked for: a server in plaintext is refused', async () => {
    const { hostPort } = await started('');
    expect(await refusal(`tls://${hostPort}`)).toMatch(/tls|secure/i);
  });
});

describe('NATS with a login', () => {
  it('takes a credentials file', async () => {
    const { settings, credentials } = natsOperator();
    const { hostPort } = await started(settings);
    const file = path.join(folder, 'user.creds');
    writeFileSync(file, credentials);
    await works(await connectedBus(`nats://${hostPort}?credentials_file=${file}`));
    expect(await refusal(`nats://${hostPort}`)).toMatch(/authorization/i);
  });

  it('goes on when a login that was refused for a while is right again', async () => {
    const { nats, hostPort } = await started('authorization { user: me, password: one }\n');
    const restart = async (from: string, to: string) => {
      writeFileSync(nats.configFile, readFileSync(nats.configFile, 'utf8').replace(from, to));
      await nats.server.stop();
      await nats.server.start();
    };
    const refusals = () => readFileSync(nats.server.logFile, 'utf8').split('authentication error').length - 1;
    const bus = await connectedBus(`nats://me:one@${hostPort}`);
    await restart('password: one', 'password: two');
    await expect.poll(() => bus.check().catch((error) => error.code), { timeout }).toBe('UNAVAILABLE');
    // The library gives up after two refusals in a row, unless it is told not to.
    await expect.poll(() => refusals(), { timeout }).toBeGreaterThan(3);
    await restart('password: two', 'password: one');
    await expect.poll(() => bus.check(), { timeout }).toBeUndefined();
    await works(bus);
  });
});
