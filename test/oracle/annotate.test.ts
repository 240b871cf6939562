import { describe, expect, test } from 'vitest';
import type { AnnotateSpec } from '../../proto/gen/cpral/v1/oracle.ts';
import { type Label, NoiseUnit } from '../../proto/gen/cpral/v1/resources.ts';
import annotate from '../../services/oracle/annotate.ts';
import { decodeMask, encodeMask } from '../../services/shared/images/images.ts';
import { readLabel, storeLabel } from '../../services/shared/labels/label-masks.ts';
import { NO_CLASS, ORIGIN_EXTENDED, ORIGIN_INITIAL, ORIGIN_ORACLE } from '../../services/shared/labels/origins.ts';
import { refBlob } from '../../services/shared/objects/blob.ts';
import { memoryObjectStore } from '../support/memory-object-store.ts';

const SIZE = { height: 4, width: 6 };
const CLASS_COUNT = 5;
const TRUTH = Uint8Array.from([0, 0, 1, 1, 2, 2, 0, 0, 1, 1, 2, 2, 3, 3, 3, 4, 4, 255, 3, 3, 3, 4, 4, 255]);
const WHOLE = { top: 0, left: 0, ...SIZE };

async function setUp(truth = TRUTH, size = SIZE) {
  const objects = memoryObjectStore();
  const groundTruth = refBlob(await objects.put(await encodeMask({ ...size, data: truth })));
  const spec = (change: Partial<AnnotateSpec> = {}, windows = [WHOLE]): AnnotateSpec => ({
    tasks: [{ imageId: 'a', groundTruth, classes: undefined, origins: undefined, windows, answers: [] }],
    size: SIZE,
    classCount: CLASS_COUNT,
    noise: 0,
    seed: 1,
    origin: ORIGIN_ORACLE,
    noiseUnit: NoiseUnit.NOISE_UNIT_UNSPECIFIED,
    ...change,
  });
  const read = ({ imageId, masks }: Label) =>
    readLabel(
      objects,
      { imageId, classes: refBlob(masks!.classes!), origins: refBlob(masks!.origins!) },
      { size: SIZE, classCount: CLASS_COUNT },
    );
  const messages: string[] = [];
  const context = { objects, progress: ({ message }: { message?: string }) => void messages.push(message ?? '') };
  return { objects, groundTruth, spec, read, context, messages };
}

describe('annotate', () => {
  test('a window gets its true classes and its origin; all else stays unlabelled', async () => {
    const { spec, read, context } = await setUp();
    const { labels, quality } = await annotate(spec({}, [{ top: 1, left: 3, height: 2, width: 3 }]), context);
    const label = await read(labels[0]!);
    const none = NO_CLASS;
    expect([...label.classes]).toEqual([
      ...[none, none, none, none, none, none],
      ...[none, none, none, 1, 2, 2],
      ...[none, none, none, 4, 4, none],
      ...[none, none, none, none, none, none],
    ]);
    expect([...label.origins]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 2, 0, 0, 0, 2, 2, 2, 0, 0, 0, 0, 0, 0]);
    expect(labels[0]).toMatchObject({ imageId: 'a', labelledPixels: 6n, voidPixels: 1n, extendedPixels: 0n });
    expect(quality).toEqual({ pickedPixels: 6n, classPixels: [0n, 1n, 2n, 0n, 2n], voidPixels: 1n });
  });

  test('a whole image is a window', async () => {
    const { spec, read, context } = await setUp();
    const { labels } = await annotate(spec({ origin: ORIGIN_INITIAL }), context);
    const label = await read(labels[0]!);
    expect(label.classes).toEqual(TRUTH);
    expect(new Set(label.origins)).toEqual(new Set([ORIGIN_INITIAL]));
  });

  test('earlier pixels stay, the extension in the window gives way', async () => {
    const { objects, groundTruth, spec, read, context } = await setUp();
    const former = { ...SIZE, classes: new Uint8Array(24).fill(4), origins: new Uint8Array(24).fill(ORIGIN_EXTENDED) };
    former.origins[0] = ORIGIN_INITIAL;
    const { masks } = await storeLabel(objects, 'a', former);
    const task = {
      imageId: 'a',
      groundTruth,
      classes: refBlob(masks!.classes!),
      origins: refBlob(masks!.origins!),
      windows: [{ top: 0, left: 1, height: 1, width: 2 }],
      answers: [],
    };
    const { labels } = await annotate(spec({ tasks: [task] }), context);
    const label = await read(labels[0]!);
    expect([...label.classes.subarray(0, 4)]).toEqual([4, 0, 1, 4]);
    expect([...label.origins.subarray(0, 4)]).toEqual([ORIGIN_INITIAL, 2, 2, ORIGIN_EXTENDED]);
  });

  test('ground truth of another size is brought to the campaign’s by nearest pixels', async () => {
    const double = Uint8Array.from({ length: 96 }, (_, i) => TRUTH[Math.floor(i / 24) * 6 + Math.floor((i % 12) / 2)]!);
    const { spec, read, context } = await setUp(double, { height: 8, width: 12 });
    const { labels } = await annotate(spec(), context);
    expect((await read(labels[0]!)).classes).toEqual(TRUTH);
  });

  test('mistakes change the label and never the counts of what was truly picked', async () => {
    const { spec, read, context } = await setUp();
    const clean = await annotate(spec(), context);
    const noisy = await annotate(spec({ noise: 1 }), context);
    expect(noisy.quality).toEqual(clean.quality);
    expect((await read(noisy.labels[0]!)).classes).not.toEqual(TRUTH);
  });

  test('a window is answered alike, whatever comes with it; another seed or image answers otherwise', async () => {
    const pixels = Uint8Array.from({ length: 24 }, (_, i) => i % CLASS_COUNT);
    const { spec, context } = await setUp(pixels);
    const windows = [WHOLE];
    const digests = async (change: Partial<AnnotateSpec>) =>
      (await annotate(spec({ noise: 0.5, ...change }, windows), context)).labels.map(
        ({ masks }) => masks!.classes!.digest,
      );
    const task = spec({}, windows).tasks[0]!;
    const [alone] = await digests({});
    expect(await digests({ tasks: [{ ...task, imageId: 'b' }, task] })).toEqual([
      expect.not.stringMatching(alone!),
      alone,
    ]);
    expect(await digests({ seed: 2 })).not.toEqual([alone]);
  });

  test('progress counts the images', async () => {
    const { spec, context, messages } = await setUp();
    await annotate(spec(), context);
    expect(messages).toEqual(['annotated a']);
  });

  test.each<[string, Partial<AnnotateSpec>, string]>([
    ['a noise level above 1', { noise: 1.5 }, 'noise: expected a share from 0 to 1, got 1.5'],
    ['a noise level that is no number', { noise: Number.NaN }, 'noise: expected a share from 0 to 1, got NaN'],
    [
      'an origin that nobody is paid for',
      { origin: ORIGIN_EXTENDED },
      'origin: expected initial, oracle or human, got 4',
    ],
    ['no size', { size: undefined }, 'size: expected a height and a width, got none'],
    ['an empty size', { size: { height: 0, width: 6 } }, 'size: expected sides from 1 to 16384'],
    ['too many classes', { classCount: 256 }, 'class_count: expected a whole number from 1 to 255, got 256'],
    ['a class outside the class map', { classCount: 4 }, 'ground truth of a: expected classes below 4 or 255, got 4'],
  ])('%s is refused', async (_, change, message) => {
    const { spec, context } = await setUp();
    await expect(annotate(spec(change), context)).rejects.toThrow(message);
  });

  test('a window outside the image is refused by the image’s name', async () => {
    const { spec, context } = await setUp();
    await expect(annotate(spec({}, [{ top: 3, left: 0, height: 2, width: 1 }]), context)).rejects.toThrow(
      'window of a: expected whole pixels inside 4x6, got 2x1 at row 3, column 0',
    );
  });

  test('mistakes are made by segments, or by pixels where that is asked for', async () => {
    const size = { height: 20, width: 30 };
    const { spec, context, objects } = await setUp(new Uint8Array(600).fill(1), size);
    const answersOf = async (noiseUnit: NoiseUnit) => {
      const { labels } = await annotate(spec({ size, noise: 0.4, noiseUnit }, [{ top: 0, left: 0, ...size }]), context);
      return new Set((await decodeMask(await objects.get(labels[0]!.masks!.classes!))).data);
    };
    const { NOISE_UNIT_UNSPECIFIED, NOISE_UNIT_SEGMENT, NOISE_UNIT_PIXEL } = NoiseUnit;
    expect((await answersOf(NOISE_UNIT_SEGMENT)).size).toBe(1);
    expect(await answersOf(NOISE_UNIT_UNSPECIFIED)).toEqual(await answersOf(NOISE_UNIT_SEGMENT));
    // Right, symmetric, missing, and any other class.
    expect(await answersOf(NOISE_UNIT_PIXEL)).toEqual(new Set([0, 1, 2, 3, 4, 255]));
    await expect(answersOf(9 as NoiseUnit)).rejects.toThrow('noise_unit: expected segment or pixel, got 9');
  });
});
