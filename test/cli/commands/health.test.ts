import { afterEach, beforeEach, expect, it } from 'vitest';
import { createHealth, type Health } from '../../../services/shared/grpc/health.ts';
import { type RunningServer, startServer } from '../../../services/shared/grpc/server.ts';
import { runCli } from '../../support/run-cli.ts';

let health: Health;
let server: RunningServer;
beforeEach(async () => {
  health = createHealth();
  server = await startServer('127.0.0.1:0', [], health);
});
afterEach(() => server.close());

it('cpral health ends well where all are ready, and names those that are', async () => {
  const { exitCode, stdout } = await runCli(['health', server.address, server.address]);
  expect(stdout).toBe(`${server.address} is ready\n`.repeat(2));
  expect(exitCode).toBe(0);
});

it('cpral health names those that are not, whether they say so or nothing', async () => {
  health.drain();
  const { exitCode, stderr } = await runCli(['health', server.address, '127.0.0.1:1', '--wait', '1']);
  expect(stderr).toContain(`not ready: ${server.address}, 127.0.0.1:1`);
  expect(exitCode).toBe(1);
});

it('cpral health wants addresses', async () => {
  const { exitCode, stderr } = await runCli(['health', 'registry']);
  expect(stderr).toContain('HOST:PORT: expected host:port');
  expect(exitCode).toBe(2);
});
