// Objects through the registry, for programs that have no store of their own.
import type {
  DownloadObjectRequest,
  DownloadObjectResponse,
  UploadObjectRequest,
  UploadObjectResponse,
} from '../../../proto/gen/cpral/v1/pool_registry.ts';
import { CpralError, invalid } from '../../shared/errors.ts';
import { callerNow } from '../../shared/identity/caller.ts';
import { keepUpload } from '../access/owned-objects.ts';
import type { RegistryContext } from '../context.ts';

const OBJECT_LIMIT_BYTES = 256 << 20;
const CHUNK_BYTES = 1 << 20;

export async function uploadObject(
  { db, objects }: RegistryContext,
  requests: AsyncIterable<UploadObjectRequest>,
): Promise<UploadObjectResponse> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const { chunk } of requests) {
    sizeBytes += chunk.length;
    if (sizeBytes > OBJECT_LIMIT_BYTES) {
      throw new CpralError('RESOURCE_EXHAUSTED', `object: at most ${OBJECT_LIMIT_BYTES} bytes, got more`, {
        field: 'chunk',
      });
    }
    chunks.push(chunk);
  }
  if (sizeBytes === 0) throw invalid('object: expected at least one byte, got none', { field: 'chunk' });
  const object = await objects.put(Buffer.concat(chunks));
  const { scope } = callerNow();
  if (scope !== undefined) await keepUpload(db, scope, object.digest);
  return { object };
}

export async function* downloadObject(
  { objects }: RegistryContext,
  { object }: DownloadObjectRequest,
): AsyncGenerator<DownloadObjectResponse> {
  if (!object) throw invalid('object: expected a reference, got none', { field: 'object' });
  const bytes = await objects.get(object);
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
    yield { chunk: bytes.subarray(start, start + CHUNK_BYTES) };
  }
}
