// The thumbnails of many blocks as one list. Blocks are read when an image of theirs is asked for, and kept as long as they fit.
import { assert } from '../shared/errors.ts';
import { bytesOfThumbnail, type ThumbnailRows } from './thumbnails.ts';

export interface ReadableBlock {
  readonly imageCount: number;
  read(): Promise<ThumbnailRows>;
}

export interface Thumbnail {
  readonly imageId: string;
  /** [height, width, 3]. */
  readonly pixels: Uint8Array;
  /** 0 where images have none. */
  readonly rank: number;
}

export interface ThumbnailPool {
  readonly count: number;
  get(index: number): Promise<Thumbnail>;
}

export function thumbnailPool(blocks: readonly ReadableBlock[]): ThumbnailPool {
  const firsts: number[] = [];
  let count = 0;
  for (const { imageCount } of blocks) {
    firsts.push(count);
    count += imageCount;
  }
  return {
    count,
    async get(index) {
      assert(index >= 0 && index < count, `image ${index} is one of ${count}`);
      const which = lastAtMost(firsts, index);
      return rowOf(await blocks[which]!.read(), index - firsts[which]!);
    },
  };
}

/** @param firsts ascending, from 0 */
function lastAtMost(firsts: readonly number[], index: number): number {
  let [low, high] = [0, firsts.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (firsts[middle]! <= index) low = middle;
    else high = middle;
  }
  return low;
}

function rowOf({ imageIds, size, pixels, ranks }: ThumbnailRows, row: number): Thumbnail {
  const bytes = bytesOfThumbnail(size);
  const imageId = imageIds[row]!;
  return { imageId, pixels: pixels.subarray(row * bytes, (row + 1) * bytes), rank: ranks[row] ?? 0 };
}
