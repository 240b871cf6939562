// An S3 server whose disk is a few MiB of memory, in a mount of its own that nobody else sees and that goes with the server.
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import path from 'node:path';
import { findS3, type S3Server, startS3 } from '../../../deploy/servers/s3.ts';
import { assert } from '../../../services/shared/errors.ts';
import type { Ground } from './ground.ts';

const DISK_MIB = 48;
const FILLING_BYTES = 1 << 20;

export interface SmallDisk {
  readonly s3: S3Server;
  /** Leaves no byte free. */
  fill(): void;
  free(): void;
}

/** @returns why there cannot be one on this machine, undefined where there can */
export async function noSmallDisk(): Promise<string | undefined> {
  const { kind } = await findS3(() => {});
  if (kind !== 'file') return 'the S3 server is in a container, whose disk is not ours to fill';
  const { status } = spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']);
  return status === 0 ? undefined : 'a file system of its own needs root, unshare and mount';
}

export async function startOnSmallDisk(ground: Ground): Promise<SmallDisk> {
  const program = await findS3(() => {});
  assert(program.kind === 'file', 'noSmallDisk was asked first');
  const folder = await mkdtemp(path.join(ground.folder, 'small-disk-'));
  const wrapper = path.join(folder, 'versitygw');
  // Its last argument is its folder.
  const script = `for folder; do :; done\nmount -t tmpfs -o size=${DISK_MIB}m tmpfs "$folder" && exec '${program.file}' "$@"\n`;
  writeFileSync(wrapper, `#!/usr/bin/env -S unshare --mount sh\n${script}`, { mode: 0o755 });
  const before = process.env.CPRAL_S3_SERVER;
  process.env.CPRAL_S3_SERVER = wrapper;
  const s3 = await startS3(folder, () => {}).finally(() => {
    if (before === undefined) delete process.env.CPRAL_S3_SERVER;
    else process.env.CPRAL_S3_SERVER = before;
  });
  // As the server sees it.
  const filling = path.join(`/proc/${s3.server.pid()}/root`, folder, 's3', 'filling');
  return {
    s3,
    fill: () => fill(filling),
    free: () => rmSync(filling, { force: true }),
  };
}

function fill(file: string): void {
  for (const bytes of [FILLING_BYTES, 4096, 1]) {
    try {
      for (;;) writeFileSync(file, Buffer.alloc(bytes), { flag: 'a' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
}
