import { describe, expect, test } from 'vitest';
import type { ExtendLabelsSpec } from '../../proto/gen/cpral/v1/label_extender.ts';
import { ExtensionConfig, ExtensionFeatures } from '../../proto/gen/cpral/v1/resources.ts';
import extendLabels, { GRID_CELLS_MAX } from '../../services/label-extender/extend-labels.ts';
import { encodeRgb } from '../../services/shared/images/images.ts';
import { readLabel, storeLabel } from '../../services/shared/labels/label-masks.ts';
import { ORIGIN_ORACLE } from '../../services/shared/labels/origins.ts';
import { emptyLabel } from '../../services/shared/labels/pixel-label.ts';
import { refBlob } from '../../services/shared/objects/blob.ts';
import { memoryObjectStore } from '../support/memory-object-store.ts';

const SIZE = { height: 8, width: 12 };
const CONFIG = ExtensionConfig.fromPartial({ scale: 10, stridePx: 4 });

async function setUp() {
  const objects = memoryObjectStore();
  const image = refBlob(await objects.put(await encodeRgb({ ...SIZE, data: new Uint8Array(288).fill(90) })));
  const label = emptyLabel(SIZE);
  label.classes[0] = 1;
  label.origins[0] = ORIGIN_ORACLE;
  const { masks } = await storeLabel(objects, 'a', label);
  const blobs = { classes: refBlob(masks!.classes!), origins: refBlob(masks!.origins!) };
  const spec = (change: Partial<ExtendLabelsSpec> = {}): ExtendLabelsSpec => ({
    images: [{ imageId: 'a', image, ...blobs }],
    config: CONFIG,
    size: SIZE,
    classCount: 3,
    model: undefined,
    ...change,
  });
  const done: (number | undefined)[] = [];
  const context = { objects, progress: ({ unitsDone }: { unitsDone?: number }) => void done.push(unitsDone) };
  return { objects, image, blobs, spec, context, done };
}

describe('extendLabels', () => {
  test('gives the labels in the order of the request, with their counts', async () => {
    const { objects, image, blobs, spec, context, done } = await setUp();
    const images = ['b', 'a'].map((imageId) => ({ imageId, image, ...blobs }));
    const { labels } = await extendLabels(spec({ images }), context);
    expect(labels.map(({ imageId }) => imageId)).toEqual(['b', 'a']);
    expect(labels[0]).toMatchObject({ labelledPixels: 1n, voidPixels: 0n, extendedPixels: 95n });
    const { masks } = labels[0]!;
    const stored = { imageId: 'b', classes: refBlob(masks!.classes!), origins: refBlob(masks!.origins!) };
    const { classes } = await readLabel(objects, stored, { size: SIZE, classCount: 3 });
    expect(new Set(classes)).toEqual(new Set([1]));
    expect(done).toEqual([1, 2]);
  });

  test('extending an extended label again changes nothing', async () => {
    const { image, spec, context } = await setUp();
    const first = await extendLabels(spec(), context);
    const { masks } = first.labels[0]!;
    const images = [{ imageId: 'a', image, classes: refBlob(masks!.classes!), origins: refBlob(masks!.origins!) }];
    expect(await extendLabels(spec({ images }), context)).toEqual(first);
  });

  test('an image of another size is brought to the campaign’s', async () => {
    const { objects, blobs, spec, context } = await setUp();
    const large = refBlob(await objects.put(await encodeRgb({ height: 16, width: 24, data: new Uint8Array(1152) })));
    const { labels } = await extendLabels(spec({ images: [{ imageId: 'a', image: large, ...blobs }] }), context);
    expect(labels[0]).toMatchObject({ extendedPixels: 95n });
  });

  test.each<[string, Partial<ExtendLabelsSpec>, string]>([
    ['no configuration', { config: undefined }, 'config: expected an extension configuration, got none'],
    ['a stride of 0', { config: { ...CONFIG, stridePx: 0 } }, 'stride_px: expected a whole number from 1, got 0'],
    [
      'a scale that is no number',
      { config: { ...CONFIG, scale: Number.NaN } },
      'scale: expected a number from 0, got NaN',
    ],
    [
      'a threshold above 1',
      { config: { ...CONFIG, minConfidence: 2 } },
      'min_confidence: expected a share from 0 to 1, got 2',
    ],
    [
      'a negative distance',
      { config: { ...CONFIG, maxDistancePx: -1 } },
      'max_distance_px: expected a whole number from 0, got -1',
    ],
    [
      'a grid beyond the limit',
      { config: { ...CONFIG, stridePx: 1 }, size: { height: 512, width: 1024 } },
      `stride_px: expected a stride that leaves at most ${GRID_CELLS_MAX} cells, got 1 with 512x1024 cells`,
    ],
    [
      'features that there are none of',
      { config: { ...CONFIG, features: 7 as ExtensionFeatures } },
      'features: expected rgb or encoder, got 7',
    ],
    [
      'features without a model',
      { config: { ...CONFIG, features: ExtensionFeatures.EXTENSION_FEATURES_ENCODER } },
      "model.size: expected the labels' 8x12, got no model",
    ],
    ['a label of another size', { size: { height: 8, width: 8 } }, 'classes of a: expected a mask of 8x8, got 8x12'],
    [
      'a class outside the class map',
      { classCount: 1 },
      'label of a at row 0, column 0: expected a class below 1 or 255, got 1',
    ],
  ])('%s is refused', async (_, change, message) => {
    const { spec, context } = await setUp();
    await expect(extendLabels(spec(change), context)).rejects.toThrow(message);
  });

  test('an image that cannot be read is refused by its name', async () => {
    const { objects, blobs, spec, context } = await setUp();
    const broken = refBlob(await objects.put(Uint8Array.of(137, 80, 78, 71)));
    const images = [{ imageId: 'img_7', image: broken, ...blobs }];
    await expect(extendLabels(spec({ images }), context)).rejects.toThrow(/^image img_7: /);
  });
});
