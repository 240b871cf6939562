// The sources of a Go module, without what they need: fetched once by Go, which checks them against its checksum database.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findGo } from '../servers/go-install.ts';

const exec = promisify(execFile);
const FETCH_LIMIT_MS = 5 * 60_000;

/** @returns the folder in which they are */
export async function fetchGoModule(module: string, version: string): Promise<string> {
  const args = ['mod', 'download', '-json', `${module}@v${version}`];
  const { stdout } = await exec(findGo(module), args, { timeout: FETCH_LIMIT_MS, cwd: '/' });
  return (JSON.parse(stdout) as { Dir: string }).Dir;
}
