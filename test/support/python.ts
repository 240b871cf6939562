// A Python with the packages that a test needs, installed into the cache once.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** @returns runs a script and gives what it printed */
export async function pythonWith(packages: readonly string[]): Promise<(args: readonly string[]) => Promise<string>> {
  const cache = process.env.CPRAL_CACHE ?? path.join(homedir(), '.cache', 'cpral');
  const folder = path.join(cache, `python-${packages.join('-').replace(/[^a-z0-9-.]/g, '_')}`);
  if (!existsSync(folder)) {
    await mkdir(cache, { recursive: true });
    const part = `${folder}.${process.pid}.part`;
    await run('python3', ['-m', 'pip', 'install', '--quiet', '--target', part, ...packages]);
    await run('mv', ['-T', part, folder]);
  }
  return async (args) => (await run('python3', [...args], { env: { ...process.env, PYTHONPATH: folder } })).stdout;
}
