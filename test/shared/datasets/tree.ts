// Small trees of images and labels in a temporary folder.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { encodeMask, encodeRgb } from '../../../services/shared/images/images.ts';

export const SIZE = { height: 4, width: 6 };

export interface Tree extends AsyncDisposable {
  readonly folder: string;
  /** Writes files by their path in the tree. */
  write(files: Record<string, Uint8Array | string>): Promise<void>;
  remove(name: string): Promise<void>;
  at(name: string): string;
}

export async function makeTree(files: Record<string, Uint8Array | string> = {}): Promise<Tree> {
  const folder = await mkdtemp(path.join(tmpdir(), 'cpral-dataset-'));
  const at = (name: string) => path.join(folder, name);
  const tree: Tree = {
    folder,
    at,
    async write(more) {
      for (const [name, content] of Object.entries(more)) {
        await mkdir(path.dirname(at(name)), { recursive: true });
        await writeFile(at(name), content);
      }
    },
    remove: (name) => rm(at(name), { recursive: true }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
  await tree.write(files);
  return tree;
}

export function picture({ height, width } = SIZE): Promise<Uint8Array> {
  return encodeRgb({ height, width, data: Uint8Array.from({ length: height * width * 3 }, (_, i) => (i * 37) % 256) });
}

/** A mask that repeats ids. */
export function mask(ids: readonly number[], { height, width } = SIZE): Promise<Uint8Array> {
  return encodeMask({
    height,
    width,
    data: Uint8Array.from({ length: height * width }, (_, i) => ids[i % ids.length]!),
  });
}
