import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const script = path.resolve('deploy/tensorflow.mjs');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'cpral-test-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function setUp(env: Record<string, string>) {
  const { status, stderr } = spawnSync(process.execPath, [script], { env: { PATH: '', ...env }, encoding: 'utf8' });
  return { status, stderr };
}

describe('setting TensorFlow up', () => {
  it('names the command that installs python3 where it is missing', () => {
    expect(setUp({ CPRAL_CACHE: path.join(folder, 'cache') })).toEqual({
      status: 2,
      stderr: 'python3 with pip is missing: sudo apt-get install python3-pip\n',
    });
  });

  it('names the devices it knows where another is asked for', () => {
    const { status, stderr } = setUp({ CPRAL_CACHE: folder, CPRAL_TENSORFLOW: 'tpu' });
    expect(status).toBe(2);
    expect(stderr).toMatch(/^TensorFlow for "tpu" on linux \w+ is not supported; known on Linux: cpu x64.*\n$/);
  });

  it('leaves nothing half downloaded where the download fails', () => {
    const cache = path.join(folder, 'cache');
    const bin = mkdtempSync(path.join(folder, 'bin-'));
    const python = path.join(bin, 'python3');
    writeFileSync(python, '#!/bin/sh\n[ "$3" = --version ] && exit 0\necho "no route to the registry" >&2\nexit 1\n');
    chmodSync(python, 0o755);
    const { status, stderr } = setUp({ CPRAL_CACHE: cache, PATH: `${bin}:/bin` });
    expect(status).toBe(1);
    expect(stderr).toContain('no route to the registry');
    expect(readdirSync(cache)).toEqual([]);
  });
});
