// The object store that a URL names.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { invalid } from '../errors.ts';
import { folderObjectStore } from './folder-object-store.ts';
import type { ObjectStore } from './object-store.ts';

/** @param url file:///FOLDER */
export function openObjectStore(url: string): ObjectStore {
  if (!url.startsWith('file:///')) {
    throw invalid(`CPRAL_OBJECTS_URL: expected file:///FOLDER, got "${url}"`, { field: 'CPRAL_OBJECTS_URL' });
  }
  return folderObjectStore(path.resolve(fileURLToPath(url)));
}
