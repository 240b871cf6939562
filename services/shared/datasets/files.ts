// Folders and files of a dataset, read with bounds.
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { MAX_IMAGE_FILE_BYTES } from '../images/images.ts';
import { refusal, systemCause } from './refusal.ts';

const IMAGE_FILE = /\.(png|jpe?g)$/i;

/** Names in a folder in the order of their code units, hidden ones left out. */
async function listNames(folder: string, kind: 'files' | 'folders'): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw refusal(folder, `expected a folder, got ${systemCause(cause)}`, cause);
  });
  return entries
    .filter((entry) => (kind === 'files' ? !entry.isDirectory() : !entry.isFile()) && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .sort();
}

export function listFolders(folder: string): Promise<string[]> {
  return listNames(folder, 'folders');
}

/** Paths of the PNG and JPEG files in a folder; at least one. */
export async function listImageFiles(folder: string): Promise<string[]> {
  const names = await listNames(folder, 'files');
  const images = names.filter((name) => IMAGE_FILE.test(name));
  if (images.length === 0) {
    const count = names.length === 1 ? '1 file' : `${names.length} files`;
    const found = names.length === 0 ? 'an empty folder' : `none among ${count}, ${names[0]} the first`;
    throw refusal(folder, `expected PNG or JPEG files, got ${found}`);
  }
  return images.map((name) => path.join(folder, name));
}

export function stemOf(file: string): string {
  return path.basename(file).replace(IMAGE_FILE, '');
}

export async function isFolder(folder: string): Promise<boolean> {
  return (await stat(folder).catch(() => undefined))?.isDirectory() ?? false;
}

/** Reads a file of at most the size that an image may have. */
export async function readDatasetFile(file: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(file);
    if (size <= MAX_IMAGE_FILE_BYTES) return await readFile(file);
    throw refusal(file, `expected at most ${MAX_IMAGE_FILE_BYTES} bytes, got ${size}`);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).syscall === undefined) throw cause;
    throw refusal(file, `expected a readable file, got ${systemCause(cause)}`, cause);
  }
}
