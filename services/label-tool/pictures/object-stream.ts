// Objects as they come from the registry: chunk by chunk, asked for as fast as the client reads.

import type { ObjectRef } from '../../../proto/gen/cpral/v1/resources.ts';
import { CpralError } from '../../shared/errors.ts';
import { MAX_IMAGE_FILE_BYTES } from '../../shared/images/images.ts';
import { type Registry, streamed } from '../registry/registry.ts';

const TRANSFER_DEADLINE_MS = 10 * 60_000;

export async function* objectChunks(
  { pool }: Registry,
  object: ObjectRef,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const settings = { deadlineMs: TRANSFER_DEADLINE_MS, signal };
  for await (const { chunk } of streamed(
    (metadata, options) => pool.downloadObject({ object }, metadata, options),
    settings,
  ))
    yield chunk;
}

/** Waits for the first chunk, so that an object which is not there is an answer and not a broken stream. */
export async function openObject(registry: Registry, object: ObjectRef, signal: AbortSignal) {
  const chunks = objectChunks(registry, object, signal);
  const first = await chunks.next();
  if (first.done) throw new CpralError('NOT_FOUND', `object ${object.digest} is empty`);
  return { first: first.value, chunks: joined(first.value, chunks) };
}

async function* joined(first: Uint8Array, rest: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield first;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}

/** A whole object, where it is a picture that must be decoded. */
export async function readObject(registry: Registry, object: ObjectRef, signal: AbortSignal): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of objectChunks(registry, object, signal)) {
    bytes += chunk.length;
    if (bytes > MAX_IMAGE_FILE_BYTES)
      throw new CpralError('INVALID_ARGUMENT', 'object: more bytes than a picture may have');
    parts.push(chunk);
  }
  return Buffer.concat(parts);
}
