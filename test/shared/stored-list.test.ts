import { beforeAll, describe, expect, it } from 'vitest';
import type { ObjectRef, StoredList } from '../../proto/gen/cpral/v1/resources.ts';
import { type TrainingSample, TrainingSamples } from '../../proto/gen/cpral/v1/trainer.ts';
import { all } from '../../services/cli/client.ts';
import { refBlob } from '../../services/shared/objects/blob.ts';
import { digestOf } from '../../services/shared/objects/object-store.ts';
import { keepList, openList } from '../../services/shared/objects/stored-list.ts';
import { memoryObjectStore } from '../support/memory-object-store.ts';

/** As one message it would be beyond what gRPC takes. */
const LONG = 40_000;
const MESSAGE_LIMIT_BYTES = 4 << 20;
const objects = memoryObjectStore();
const field = 'train';
const decode = (page: Uint8Array) => TrainingSamples.decode(page).samples;
const encode = (samples: TrainingSample[]) => TrainingSamples.encode({ samples }).finish();

const sampleAt = (i: number): TrainingSample => {
  const blob = refBlob({ digest: digestOf(Buffer.from(`${i}`)), sizeBytes: 1n });
  return { imageId: `image-${i}`, image: blob, classes: blob };
};
async function* inRuns(length: number, run: number) {
  for (let i = 0; i < length; i += run)
    yield Array.from({ length: Math.min(run, length - i) }, (_, k) => sampleAt(i + k));
}

const countedReads = () => {
  let reads = 0;
  return {
    reads: () => reads,
    get(ref: ObjectRef) {
      reads++;
      return objects.get(ref);
    },
  };
};

let stored: StoredList;
beforeAll(async () => {
  stored = (await keepList(objects, inRuns(LONG, 700), encode)).stored!;
});

describe('a list in the store', () => {
  it('is longer than a message may be, and its reference a small part of one', async () => {
    const samples = Array.from({ length: LONG }, (_, i) => sampleAt(i));
    expect(encode(samples).length).toBeGreaterThan(MESSAGE_LIMIT_BYTES);
    expect(Buffer.from(JSON.stringify(stored.pages, (_, v) => `${v}`)).length).toBeLessThan(10_000);
    expect(await all(openList(objects, { inline: [], stored }, { field, decode }))).toEqual(samples);
  });

  it('is the same however its items came, and another one where an item differs', async () => {
    expect((await keepList(objects, inRuns(LONG, 1_024), encode)).stored).toEqual(stored);
    expect((await keepList(objects, inRuns(LONG - 1, 700), encode)).stored).not.toEqual(stored);
  });

  it('gives any item by its place, and reads a page once for all that are on it', async () => {
    const counted = countedReads();
    const list = openList(counted, { inline: [], stored }, { field, decode });
    for (const index of [0, LONG - 1, 17, 1_023, 1_024, 30_000]) expect(await list.get(index)).toEqual(sampleAt(index));
    expect(counted.reads()).toBe(4);
  });

  it('keeps no more than some pages in memory', async () => {
    const pages = await Promise.all(Array.from({ length: 100 }, (_, i) => objects.put(encode([sampleAt(i)]))));
    const counted = countedReads();
    const list = openList(counted, { inline: [], stored: { pages, length: 100n, pageLength: 1 } }, { field, decode });
    for (let time = 0; time < 2; time++) for await (const _ of list);
    expect(counted.reads()).toBe(200);
  });

  it('stays in the message where it fits into one page', async () => {
    const { inline, stored: none } = await keepList(objects, inRuns(1_024, 100), encode);
    expect(none).toBeUndefined();
    expect(inline.length).toBe(1_024);
    expect(await all(openList(objects, { inline, stored: none }, { field, decode }))).toEqual(inline);
  });

  it.each<[string, () => Parameters<typeof openList<TrainingSample>>[1], string]>([
    ['two lists', () => ({ inline: [sampleAt(0)], stored }), 'got both'],
    ['no length of a page', () => ({ inline: [], stored: { ...stored, pageLength: 0 } }), 'page_length'],
    ['pages without end', () => ({ inline: [], stored: { ...stored, pageLength: 1 << 20 } }), 'page_length'],
    ['too few pages', () => ({ inline: [], stored: { ...stored, length: stored.length + 5_000n } }), 'pages'],
    ['a length below none', () => ({ inline: [], stored: { pages: [], length: -1n, pageLength: 8 } }), 'pages'],
  ])('refuses %s', (_, list, sentence) => {
    expect(() => openList(objects, list(), { field, decode })).toThrow(sentence);
  });

  it('refuses a page that holds less than the list says', async () => {
    const pages = [await objects.put(encode([sampleAt(0)])), await objects.put(encode([]))];
    const list = openList(objects, { inline: [], stored: { pages, length: 2n, pageLength: 1 } }, { field, decode });
    await expect(list.get(1)).rejects.toMatchObject({ code: 'DATA_LOSS', field });
  });
});
