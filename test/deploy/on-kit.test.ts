// A cluster for the tests, by a folder of commands that only write down what they were asked for.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const COMMANDS = ['install', 'base-image', 'build-image', 'up', 'load-image', 'servers', 'keda', 'down'];
const SERVERS = `NATS_URL=nats://10.0.0.1:4222
NATS_MONITORING=10.0.0.1:8222
S3_ENDPOINT=http://10.0.0.1:9000
S3_ACCESS_KEY=key
S3_SECRET_KEY=a=b
DATABASE_URL=postgres://test@10.0.0.1:5432/postgres`;

let kit: string;
beforeEach(() => {
  kit = mkdtempSync(path.join(tmpdir(), 'cpral-kit-'));
  for (const name of COMMANDS) command(name, name === 'servers' ? `cat <<'EOF'\n${SERVERS}\nEOF` : '');
  command('run', 'exec "$@"');
});
afterEach(() => rmSync(kit, { recursive: true, force: true }));

function command(name: string, does: string): void {
  const file = path.join(kit, name);
  writeFileSync(file, `#!/bin/sh\necho ${name} "$@" >> ${kit}/asked\n${does}\n`);
  chmodSync(file, 0o755);
}

function onKit(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['deploy/kubernetes/on-kit.ts', kit, ...args], {
    encoding: 'utf8',
  });
  const asked = path.join(kit, 'asked');
  const lines = existsSync(asked) ? readFileSync(asked, 'utf8').trimEnd().split('\n') : [];
  return { status, stdout, stderr, asked: lines };
}

describe('a kit', () => {
  it('makes images and a cluster, runs the tests in it, and takes it away', () => {
    const { status, asked } = onKit('true');
    expect(status).toBe(0);
    expect(asked).toEqual([
      'install kube servers keda',
      'base-image',
      ...['cpu', 'control'].map(
        (target) =>
          `build-image localhost/cpral-${target}:${version} . --layers --file deploy/Dockerfile --target ${target}`,
      ),
      'up',
      `load-image localhost/cpral-cpu:${version}`,
      `load-image localhost/cpral-control:${version}`,
      'servers',
      'keda',
      'run true',
      'down',
    ]);
  });

  it('tells the tests where its servers are', () => {
    const { stdout } = onKit('sh', '-c', 'echo "$CPRAL_OBJECTS_URL $CPRAL_NATS_MONITORING $AWS_SECRET_ACCESS_KEY"');
    expect(stdout).toContain('s3://cpral-test?endpoint=http://10.0.0.1:9000&create=true 10.0.0.1:8222 a=b\n');
  });

  it('says how the tests ended, and takes the cluster away also where they failed', () => {
    const { status, asked } = onKit('false');
    expect(status).toBe(1);
    expect(asked.at(-1)).toBe('down');
  });

  it('takes away what came of a start that failed', () => {
    command('up', 'exit 3');
    const { status, asked, stderr } = onKit('true');
    expect(status).not.toBe(0);
    expect(asked.slice(-2)).toEqual(['up', 'down']);
    expect(stderr).toContain('up: ended with 3');
  });

  it('whose servers do not say where they are is refused', () => {
    command('servers', 'echo NATS_URL=nats://10.0.0.1:4222');
    const { stderr, asked } = onKit('true');
    expect(stderr).toContain('expected a line DATABASE_URL=...');
    expect(asked.at(-1)).toBe('down');
  });

  it('that lacks a command is refused before anything is made', () => {
    rmSync(path.join(kit, 'keda'));
    const { status, stderr, asked } = onKit('true');
    expect(status).not.toBe(0);
    expect(stderr).toContain('expected a folder with the command keda');
    expect(asked).toEqual([]);
  });
});
