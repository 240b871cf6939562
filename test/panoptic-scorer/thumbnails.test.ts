import { describe, expect, it } from 'vitest';
import { Thumbnails } from '../../proto/gen/cpral/v1/panoptic_scorer.ts';
import { keptReader } from '../../services/panoptic-scorer/kept-reader.ts';
import { thumbnailPool } from '../../services/panoptic-scorer/thumbnail-pool.ts';
import { decodeThumbnails, encodeThumbnails } from '../../services/panoptic-scorer/thumbnails.ts';

const size = { height: 1, width: 2 };
const rowsOf = (...values: number[]) => ({
  imageIds: values.map((value) => `image-${value}`),
  size,
  pixels: Uint8Array.from(values.flatMap((value) => Array(6).fill(value))),
  ranks: values.map((value) => value / 2),
});

describe('thumbnails as an object', () => {
  it('come back as they were, with ranks and without', () => {
    for (const rows of [rowsOf(1, 2, 3), { ...rowsOf(1, 2), ranks: [] }]) {
      const back = decodeThumbnails(encodeThumbnails(rows), 'x');
      expect(back).toEqual(rows);
    }
  });

  it.each<[string, Partial<Thumbnails>, string]>([
    ['too few pixels', { pixels: Buffer.alloc(11) }, 'x: expected 2 images of 1x2 in RGB, got 11 bytes'],
    ['no size', { size: undefined }, 'x: expected 2 images of 0x0'],
    ['no images', { imageIds: [], pixels: Buffer.alloc(0), ranks: [] }, 'x: expected 0 images'],
    ['a rank too few', { ranks: [1] }, 'x: expected a rank an image, or none, got 1 for 2'],
    ['a rank that is none', { ranks: [1, Number.NaN] }, 'x: expected finite ranks, got NaN for image-2'],
  ])('are refused with %s', (_, wrong, message) => {
    const bytes = Thumbnails.encode(Thumbnails.fromPartial({ ...rowsOf(1, 2), ...wrong })).finish();
    expect(() => decodeThumbnails(bytes, 'x')).toThrow(message);
  });

  it('are refused where they are something else', () => {
    expect(() => decodeThumbnails(Uint8Array.of(7, 7, 7), 'x')).toThrow('x: expected thumbnails, got 3 bytes');
  });
});

describe('a pool of thumbnails', () => {
  const blocks = [rowsOf(1, 2), rowsOf(3), rowsOf(4, 5, 6)];
  const readable = blocks.map((rows) => ({ imageCount: rows.imageIds.length, read: async () => rows }));

  it('is one list over its blocks', async () => {
    const pool = thumbnailPool(readable);
    expect(pool.count).toBe(6);
    for (let index = 0; index < 6; index++) {
      const { imageId, pixels, rank } = await pool.get(index);
      expect([imageId, ...pixels, rank]).toEqual([`image-${index + 1}`, ...Array(6).fill(index + 1), (index + 1) / 2]);
    }
  });

  it('has no image beyond its last', async () => {
    await expect(thumbnailPool(readable).get(6)).rejects.toThrow('image 6 is one of 6');
  });
});

describe('a reader that keeps', () => {
  it('what fits, and reads the rest each time', async () => {
    const keep = keptReader<number>(10, (bytes) => bytes);
    const reads: number[] = [];
    const read = (index: number, bytes: number) =>
      keep(index, async () => {
        reads.push(index);
        return bytes;
      });
    for (const _ of [1, 2, 3]) {
      expect([await read(0, 6), await read(1, 6), await read(2, 4)]).toEqual([6, 6, 4]);
    }
    expect(reads).toEqual([0, 1, 2, 1, 1]);
  });
});
