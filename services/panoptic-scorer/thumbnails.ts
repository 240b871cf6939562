// Thumbnails as an object: image ids, their pixels on one small scale and, for TA-VAAL, their ranks (cpral.v1.Thumbnails).
import { Thumbnails } from '../../proto/gen/cpral/v1/panoptic_scorer.ts';
import { invalid } from '../shared/errors.ts';
import type { Size } from '../shared/images/images.ts';

export interface ThumbnailRows {
  readonly imageIds: readonly string[];
  readonly size: Size;
  /** Images * height * width * 3. */
  readonly pixels: Uint8Array;
  /** One an image, or none at all. */
  readonly ranks: readonly number[];
}

export const bytesOfThumbnail = ({ height, width }: Size): number => height * width * 3;

export function encodeThumbnails({ imageIds, size, pixels, ranks }: ThumbnailRows): Uint8Array {
  return Thumbnails.encode({ imageIds: [...imageIds], size, pixels: Buffer.from(pixels), ranks: [...ranks] }).finish();
}

/**
 * @param source what the bytes are, for the error
 * @throws INVALID_ARGUMENT where they are no thumbnails, or a rank is not finite
 */
export function decodeThumbnails(bytes: Uint8Array, source: string): ThumbnailRows {
  const { imageIds, size, pixels, ranks } = decode(bytes, source);
  const expected = size ? imageIds.length * bytesOfThumbnail(size) : 0;
  if (!size || expected === 0 || pixels.length !== expected) {
    const shape = `${imageIds.length} images of ${size?.height ?? 0}x${size?.width ?? 0}`;
    throw invalid(`${source}: expected ${shape} in RGB, got ${pixels.length} bytes`, { field: 'thumbnails' });
  }
  if (ranks.length !== 0 && ranks.length !== imageIds.length) {
    throw invalid(`${source}: expected a rank an image, or none, got ${ranks.length} for ${imageIds.length}`, {
      field: 'thumbnails',
    });
  }
  const wrong = ranks.findIndex((rank) => !Number.isFinite(rank));
  if (wrong >= 0) {
    throw invalid(`${source}: expected finite ranks, got ${ranks[wrong]} for ${imageIds[wrong]}`, {
      field: 'thumbnails',
    });
  }
  return { imageIds, size, pixels, ranks };
}

function decode(bytes: Uint8Array, source: string): Thumbnails {
  try {
    return Thumbnails.decode(bytes);
  } catch (cause) {
    throw invalid(`${source}: expected thumbnails, got ${bytes.length} bytes that are none`, { cause });
  }
}
