import { describe, expect, test } from 'vitest';
import { encodeMask } from '../../../services/shared/images/images.ts';
import { readLabel, storeLabel } from '../../../services/shared/labels/label-masks.ts';
import { NO_CLASS, ORIGIN_EXTENDED, ORIGIN_NOBODY, ORIGIN_ORACLE } from '../../../services/shared/labels/origins.ts';
import { emptyLabel } from '../../../services/shared/labels/pixel-label.ts';
import { refBlob } from '../../../services/shared/objects/blob.ts';
import { memoryObjectStore } from '../../support/memory-object-store.ts';

const SHAPE = { size: { height: 2, width: 3 }, classCount: 4 };
const LABEL = {
  height: 2,
  width: 3,
  classes: Uint8Array.of(0, 3, NO_CLASS, NO_CLASS, 1, 2),
  origins: Uint8Array.of(1, ORIGIN_ORACLE, ORIGIN_ORACLE, ORIGIN_NOBODY, ORIGIN_EXTENDED, 3),
};

const stored = async (data: Uint8Array, height = 2, width = 3) => {
  const objects = memoryObjectStore();
  const blob = refBlob(await objects.put(await encodeMask({ height, width, data })));
  return { objects, blob };
};

describe('labels in the store', () => {
  test('come back as they were written', async () => {
    const objects = memoryObjectStore();
    const { masks } = await storeLabel(objects, 'a', LABEL);
    const blobs = { imageId: 'a', classes: refBlob(masks!.classes!), origins: refBlob(masks!.origins!) };
    expect(await readLabel(objects, blobs, SHAPE)).toEqual(LABEL);
  });

  test('equal labels have equal references', async () => {
    const first = await storeLabel(memoryObjectStore(), 'a', LABEL);
    expect(await storeLabel(memoryObjectStore(), 'b', LABEL)).toEqual({ ...first, imageId: 'b' });
  });

  test('carry their counts', async () => {
    expect(await storeLabel(memoryObjectStore(), 'a', LABEL)).toMatchObject({
      imageId: 'a',
      labelledPixels: 4n,
      voidPixels: 1n,
      extendedPixels: 1n,
    });
  });

  test('an image without masks has an empty label', async () => {
    const blobs = { imageId: 'a', classes: undefined, origins: undefined };
    expect(await readLabel(memoryObjectStore(), blobs, SHAPE)).toEqual(emptyLabel(SHAPE.size));
  });

  test('one mask without the other is refused', async () => {
    const { objects, blob } = await stored(LABEL.classes);
    await expect(readLabel(objects, { imageId: 'img_7', classes: blob, origins: undefined }, SHAPE)).rejects.toThrow(
      'label of img_7: expected both masks or none, got classes without origins',
    );
  });

  test('a mask of another size is refused, never scaled', async () => {
    const { objects, blob } = await stored(LABEL.classes, 3, 2);
    await expect(readLabel(objects, { imageId: 'img_7', classes: blob, origins: blob }, SHAPE)).rejects.toThrow(
      'classes of img_7: expected a mask of 2x3, got 3x2',
    );
  });

  test('bytes that are no mask are refused under the image’s name', async () => {
    const objects = memoryObjectStore();
    const blob = refBlob(await objects.put(Uint8Array.of(1, 2, 3)));
    await expect(readLabel(objects, { imageId: 'img_7', classes: blob, origins: blob }, SHAPE)).rejects.toThrow(
      /^classes of img_7: /,
    );
  });
});
