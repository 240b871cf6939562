// PostgreSQL's programs: of the environment, the machine's own, a container, or Debian's package.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { containerEngine } from './container.ts';
import { findOnPath, isAtLeast } from './on-path.ts';
import type { Program } from './program.ts';
import type { Say } from './say.ts';

const OLDEST = [15, 0] as const;
/** Where Debian and Ubuntu keep them, a folder a version. */
const DEBIAN_FOLDER = '/usr/lib/postgresql';
/** Tells the package's scripts to start no server of their own. */
const POLICY = '/usr/sbin/policy-rc.d';
const IMAGE = { name: 'docker.io/library/postgres:17', data: '/var/lib/postgresql/data' };

/** @returns the program `postgres`; `initdb` lies beside it */
export async function findPostgres(say: Say): Promise<Program> {
  const folder = process.env.CPRAL_POSTGRES_BIN;
  if (folder) {
    const file = path.join(folder, 'postgres');
    if (!existsSync(file))
      throw new Error(`CPRAL_POSTGRES_BIN: expected a folder with postgres in it, got "${folder}"`);
    return found(file, say);
  }
  const installed = findInstalled();
  if (installed) return found(installed, say);
  const engine = containerEngine();
  if (engine) {
    say(`PostgreSQL from ${IMAGE.name}, by ${engine}`);
    return { kind: 'container', engine, image: IMAGE };
  }
  installPackage(say);
  const fresh = findInstalled();
  if (!fresh) throw new Error(`PostgreSQL ${OLDEST[0]} or newer is needed; the system's package is older`);
  return found(fresh, say);
}

function findInstalled(): string | undefined {
  const onPath = findOnPath('postgres');
  const versions = existsSync(DEBIAN_FOLDER) ? readdirSync(DEBIAN_FOLDER).sort((a, b) => Number(b) - Number(a)) : [];
  const candidates = versions.map((version) => path.join(DEBIAN_FOLDER, version, 'bin/postgres'));
  if (onPath) candidates.unshift(realpathSync(onPath));
  return candidates.find((file) => existsSync(file) && isAtLeast(file, ['--version'], OLDEST));
}

function installPackage(say: Say): void {
  if (process.getuid?.() !== 0 || !findOnPath('apt-get')) {
    throw new Error(
      'PostgreSQL is missing: sudo apt-get install postgresql, or Docker, or name the folder of its programs by CPRAL_POSTGRES_BIN',
    );
  }
  say("installing Debian's package postgresql (once, about half a minute)");
  const ownPolicy = !existsSync(POLICY);
  if (ownPolicy) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    aptGet('update');
    aptGet('install', '-y', '--no-install-recommends', 'postgresql');
  } finally {
    if (ownPolicy) rmSync(POLICY);
  }
}

function aptGet(...args: readonly string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const options = ['-q', '-o', 'DPkg::Lock::Timeout=300', ...args];
  const { status, stderr } = spawnSync('apt-get', options, { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`apt-get ${args.join(' ')} failed: ${stderr.trim().split('\n').at(-1)}`);
}

function found(file: string, say: Say): Program {
  say(`PostgreSQL: ${file}`);
  return { kind: 'file', file };
}
