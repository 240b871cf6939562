// Programs of this machine.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';

export function findOnPath(name: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
  return folders.map((folder) => path.join(folder, name)).find(isExecutable);
}

/** Whether the first version in the program's own words is at least this one. */
export function isAtLeast(file: string, args: readonly string[], wanted: readonly [number, number]): boolean {
  const { stdout } = spawnSync(file, args, { encoding: 'utf8' });
  const [, major, minor] = /(\d+)\.(\d+)/.exec(stdout ?? '') ?? [];
  const found = Number(major ?? 0);
  return found > wanted[0] || (found === wanted[0] && Number(minor) >= wanted[1]);
}

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
