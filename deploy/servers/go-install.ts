// Builds a pinned program with Go, once, into the cache. Go checks the sources against its checksum database.
//   CPRAL_CACHE  where the cache is (default ~/.cache/cpral)
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { findOnPath } from './on-path.ts';
import type { Say } from './say.ts';

const exec = promisify(execFile);
const BUILD_LIMIT_MS = 15 * 60_000;
const OUTPUT_LIMIT_BYTES = 1 << 24;

export interface GoModule {
  /** The program's name in the cache. */
  readonly name: string;
  /** The import path of its main package. */
  readonly package: string;
  readonly version: string;
}

/** Where a build of this version is, or would be. */
export function builtProgram({ name, version }: GoModule): string {
  return path.join(cacheFolder(), `${name}-${version}`);
}

export function cacheFolder(): string {
  return process.env.CPRAL_CACHE || path.join(homedir(), '.cache/cpral');
}

/** @returns the program's file; does nothing where it is built already */
export async function goInstall(module: GoModule, say: Say): Promise<string> {
  const target = builtProgram(module);
  if (existsSync(target)) return target;
  const go = findGo(module.name);
  say(`building ${module.name} ${module.version} with Go (once, about a minute)`);
  await mkdir(path.dirname(target), { recursive: true });
  // On the cache's own disk, so that the last step is a rename; an interrupted build leaves a folder that nothing reads.
  const folder = await mkdtemp(`${target}.part-`);
  try {
    const env = { GOTOOLCHAIN: 'auto', CGO_ENABLED: '0', ...process.env, GOBIN: folder };
    const args = ['install', '-ldflags', '-s -w', `${module.package}@v${module.version}`];
    await exec(go, args, { env, timeout: BUILD_LIMIT_MS, maxBuffer: OUTPUT_LIMIT_BYTES });
    await rename(path.join(folder, path.basename(module.package.replace(/\/v\d+$/, ''))), target);
  } catch (cause) {
    const said = String((cause as { stderr?: string }).stderr || cause).trim();
    throw new Error(`go install ${module.package}@v${module.version} failed: ${said.split('\n').at(-1)}`, { cause });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return target;
}

export function findGo(forWhat: string): string {
  const go = findOnPath('go') ?? ['/usr/local/go/bin/go'].find(existsSync);
  if (go) return go;
  throw new Error(
    `${forWhat} is missing: install it, or Docker, or Go (https://go.dev/dl) to build it, or name its file in the environment`,
  );
}
