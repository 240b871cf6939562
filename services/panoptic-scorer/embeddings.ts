// Embeddings as an object: image ids and a matrix of float32, a row an image (cpral.v1.Embeddings).
import { Embeddings } from '../../proto/gen/cpral/v1/panoptic_scorer.ts';
import { invalid } from '../shared/errors.ts';

const NUMBER_BYTES = Float32Array.BYTES_PER_ELEMENT;

export interface EmbeddingRows {
  readonly imageIds: readonly string[];
  readonly dimensions: number;
  /** Row-major, images * dimensions. */
  readonly values: Float32Array;
}

export function encodeEmbeddings({ imageIds, dimensions, values }: EmbeddingRows): Uint8Array {
  const bytes = Buffer.alloc(values.length * NUMBER_BYTES);
  values.forEach((value, i) => {
    bytes.writeFloatLE(value, i * NUMBER_BYTES);
  });
  return Embeddings.encode({ imageIds: [...imageIds], dimensions, values: bytes }).finish();
}

/**
 * @param source what the bytes are, for the error
 * @throws INVALID_ARGUMENT where they are no embeddings, or hold a value that is not finite
 */
export function decodeEmbeddings(bytes: Uint8Array, source: string): EmbeddingRows {
  const { imageIds, dimensions, values: raw } = decode(bytes, source);
  const expected = imageIds.length * dimensions * NUMBER_BYTES;
  if (!(dimensions > 0) || raw.length !== expected) {
    const shape = `${imageIds.length} rows of ${dimensions}`;
    throw invalid(`${source}: expected ${shape} float32 numbers, got ${raw.length} bytes`, { field: 'embeddings' });
  }
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const values = Float32Array.from({ length: raw.length / NUMBER_BYTES }, (_, i) =>
    view.getFloat32(i * NUMBER_BYTES, true),
  );
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) {
    const imageId = imageIds[Math.floor(wrong / dimensions)];
    throw invalid(`${source}: expected finite numbers, got ${values[wrong]} for ${imageId}`, { field: 'embeddings' });
  }
  return { imageIds, dimensions, values };
}

function decode(bytes: Uint8Array, source: string): Embeddings {
  try {
    return Embeddings.decode(bytes);
  } catch (cause) {
    throw invalid(`${source}: expected embeddings, got ${bytes.length} bytes that are none`, { cause });
  }
}
