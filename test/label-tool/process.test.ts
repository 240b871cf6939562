import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../services/label-tool/config.ts';
import type { CpralError } from '../../services/shared/errors.ts';
import { startTestRegistry, type TestRegistry } from '../support/registry.ts';
import { runCli } from '../support/run-cli.ts';

const MAIN = path.resolve(import.meta.dirname, '../../services/label-tool/main.ts');
let registry: TestRegistry;

beforeAll(async () => {
  registry = await startTestRegistry();
});
afterAll(() => registry.close());

describe('the configuration', () => {
  it('is a loopback address and the registry, and nothing more is needed', () => {
    expect(readConfig({ CPRAL_REGISTRY: '127.0.0.1:4101' })).toMatchObject({
      ...{ listen: '127.0.0.1:8080', registry: '127.0.0.1:4101', hosts: [], logLevel: 'info' },
      ...{ tls: undefined, healthListen: undefined },
    });
  });

  it('names hosts without blanks and in small letters', () => {
    const hosts = readConfig({ CPRAL_REGISTRY: 'r:1', CPRAL_LABEL_TOOL_HOSTS: 'Label.example.org, other ,' }).hosts;
    expect(hosts).toEqual(['label.example.org', 'other']);
  });

  it.each([
    [{}, 'CPRAL_REGISTRY'],
    [{ CPRAL_REGISTRY: 'nowhere' }, 'CPRAL_REGISTRY'],
    [{ CPRAL_REGISTRY: 'r:1', CPRAL_LABEL_TOOL_LISTEN: '8080' }, 'CPRAL_LABEL_TOOL_LISTEN'],
    [{ CPRAL_REGISTRY: 'r:1', CPRAL_LABEL_TOOL_LISTEN: '0.0.0.0:8080' }, 'CPRAL_LABEL_TOOL_LISTEN'],
    [{ CPRAL_REGISTRY: 'r:1', CPRAL_TLS_CERT_FILE: 'a' }, 'CPRAL_TLS_KEY_FILE'],
    [{ CPRAL_REGISTRY: 'r:1', CPRAL_LOG_LEVEL: 'loud' }, 'CPRAL_LOG_LEVEL'],
  ])('%j is refused, naming %s', (environment, field) => {
    expect(() => readConfig(environment)).toThrow(expect.objectContaining({ field }) as CpralError);
  });
});

describe('as a process of its own', () => {
  it('serves, is healthy, and ends with code 0 on SIGTERM', async () => {
    const env = {
      ...process.env,
      CPRAL_REGISTRY: registry.address,
      CPRAL_LABEL_TOOL_LISTEN: '127.0.0.1:0',
      CPRAL_HEALTH_LISTEN: '127.0.0.1:0',
    };
    const running = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    try {
      const exited = once(running, 'exit');
      const { address, health } = await listening(running.stderr);
      expect((await fetch(`http://${address}/api/v1/campaigns`)).status).toBe(200);
      const { exitCode } = await runCli(['health', health, '--wait', '20']);
      expect(exitCode).toBe(0);
      running.kill('SIGTERM');
      expect((await exited)[0]).toBe(0);
    } finally {
      running.kill('SIGKILL');
    }
  });
});

async function listening(lines: NodeJS.ReadableStream): Promise<{ address: string; health: string }> {
  for await (const line of createInterface({ input: lines })) {
    const { address, health } = JSON.parse(line) as { address?: string; health?: string };
    if (address && health) {
      lines.resume();
      return { address, health };
    }
  }
  throw new Error('it ended before it listened');
}
