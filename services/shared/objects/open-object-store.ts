// The object store that a URL names.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { invalid } from '../errors.ts';
import { folderObjectStore } from './folder-object-store.ts';
import type { OpenObjectStore } from './object-store.ts';
import { readS3Credentials } from './s3-credentials.ts';
import { s3ObjectStore } from './s3-object-store.ts';
import { parseS3Url } from './s3-url.ts';

/** @param url file:///FOLDER, or s3://BUCKET/PREFIX with the options of s3-url.ts */
export function openObjectStore(url: string): OpenObjectStore {
  if (url.startsWith('s3://')) return s3ObjectStore(parseS3Url(url), readS3Credentials());
  if (url.startsWith('file:///')) return folderObjectStore(path.resolve(fileURLToPath(url)));
  throw invalid(`CPRAL_OBJECTS_URL: expected file:///FOLDER or s3://BUCKET/PREFIX, got "${url}"`, {
    field: 'CPRAL_OBJECTS_URL',
  });
}
