// Streams to the registry: objects and datasets.
import { Metadata } from '@grpc/grpc-js';
import type { ImportDatasetRequest, ImportDatasetResponse } from '../../../proto/gen/cpral/v1/pool_registry.ts';
import type { ObjectRef } from '../../../proto/gen/cpral/v1/resources.ts';
import { clientStream } from '../../shared/grpc/client-stream.ts';
import { type Registry, required } from './registry.ts';

const TRANSFER_DEADLINE_MS = 10 * 60_000;
const IMPORT_DEADLINE_MS = 4 * 3_600_000;
/** The protocol's limit for a chunk of an upload. */
const CHUNK_BYTES = 1 << 20;

const deadline = (ms: number) => ({ deadline: Date.now() + ms });

export async function uploadObject({ pool }: Registry, bytes: Uint8Array, signal: AbortSignal): Promise<ObjectRef> {
  const { object } = await clientStream<{ chunk: Uint8Array }, { object: ObjectRef | undefined }>(
    (done) => pool.uploadObject(new Metadata(), deadline(TRANSFER_DEADLINE_MS), done),
    chunks(bytes),
    signal,
  );
  return required(object, 'an object');
}

/** Sends messages as fast as the registry takes them. */
export function importDataset(
  { pool }: Registry,
  messages: AsyncIterable<ImportDatasetRequest>,
  signal: AbortSignal,
): Promise<ImportDatasetResponse> {
  return clientStream(
    (done) => pool.importDataset(new Metadata(), deadline(IMPORT_DEADLINE_MS), done),
    messages,
    signal,
  );
}

function* chunks(bytes: Uint8Array): Generator<{ chunk: Uint8Array }> {
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES)
    yield { chunk: bytes.subarray(start, start + CHUNK_BYTES) };
}
