import { describe, expect, it } from 'vitest';
import { EmbeddingBlocks, Embeddings } from '../../proto/gen/cpral/v1/panoptic_scorer.ts';
import { decodeEmbeddings, encodeEmbeddings } from '../../services/panoptic-scorer/embeddings.ts';
import selectCentres from '../../services/panoptic-scorer/select-centres.ts';
import { refBlob } from '../../services/shared/objects/blob.ts';
import { memoryObjectStore } from '../support/memory-object-store.ts';

const objects = memoryObjectStore();
const context = { objects, progress: () => {} };
const rows = (imageIds: string[], values: number[]) =>
  encodeEmbeddings({ imageIds, dimensions: values.length / imageIds.length, values: Float32Array.from(values) });

async function blockOf(bytes: Uint8Array, use: { candidates?: boolean; centres?: boolean }) {
  return { embeddings: refBlob(await objects.put(bytes)), candidates: false, centres: false, ...use };
}

describe('selecting centres', () => {
  it('reads embeddings by reference, and gives distances as ratings, best first', async () => {
    const blocks = [
      await blockOf(rows(['a', 'b'], [1, 0, 3, 4]), { candidates: true }),
      await blockOf(rows(['o'], [0, 0]), { centres: true }),
    ];
    const { ratings } = await selectCentres({ blocks, storedBlocks: undefined, count: 2 }, context);
    expect(ratings).toEqual([
      { imageId: 'b', rating: 5 },
      { imageId: 'a', rating: 1 },
    ]);
  });

  it('reads a list of blocks that is in the store like one that came along', async () => {
    const blocks = [
      await blockOf(rows(['a', 'b'], [1, 0, 3, 4]), { candidates: true }),
      await blockOf(rows(['c'], [9, 9]), { candidates: true }),
      await blockOf(rows(['o'], [0, 0]), { centres: true }),
    ];
    const inline = await selectCentres({ blocks, storedBlocks: undefined, count: 2 }, context);
    const pages = [blocks.slice(0, 2), blocks.slice(2)].map((page) =>
      context.objects.put(EmbeddingBlocks.encode({ blocks: page }).finish()),
    );
    const storedBlocks = { pages: await Promise.all(pages), length: 3n, pageLength: 2 };
    expect(await selectCentres({ blocks: [], storedBlocks, count: 2 }, context)).toEqual(inline);
  });

  it('refuses a count of none, and an object that is no embeddings', async () => {
    await expect(selectCentres({ blocks: [], storedBlocks: undefined, count: 0 }, context)).rejects.toThrow(
      'count: expected a whole number',
    );
    const blocks = [await blockOf(Uint8Array.of(7, 7, 7), { candidates: true, centres: true })];
    await expect(selectCentres({ blocks, storedBlocks: undefined, count: 1 }, context)).rejects.toThrow(
      'blocks[0].embeddings: expected',
    );
  });
});

describe('embeddings as an object', () => {
  it('come back as they were', () => {
    const values = Float32Array.of(1.5, -2, 1e-30, 0.1, 3, 4);
    const embeddings = { imageIds: ['ä', 'b'], dimensions: 3, values };
    expect(decodeEmbeddings(encodeEmbeddings(embeddings), 'x')).toEqual(embeddings);
  });

  it.each([
    [
      'too few numbers',
      { imageIds: ['a', 'b'], dimensions: 1, values: Buffer.alloc(4) },
      '2 rows of 1 float32 numbers, got 4',
    ],
    ['no dimensions', { imageIds: [], dimensions: 0, values: Buffer.alloc(0) }, 'x: expected 0 rows of 0'],
    [
      'a number that is none',
      { imageIds: ['a'], dimensions: 1, values: Buffer.from([0, 0, 192, 127]) },
      'got NaN for a',
    ],
  ])('are refused with %s', (_, message, expected) => {
    expect(() => decodeEmbeddings(Embeddings.encode(message).finish(), 'x')).toThrow(expected);
  });
});
