import { expect, test } from 'vitest';
import { openCamvid } from '../../../services/shared/datasets/camvid.ts';
import { validateSource } from '../../../services/shared/datasets/validate-source.ts';
import { decodeMask } from '../../../services/shared/images/images.ts';
import { camvidFolder } from '../../support/camvid.ts';

/** Per cent of the training pixels: sky, building, pole, road, pavement, tree, sign, fence, car, pedestrian, bicyclist; void. */
const TRAIN_SHARES = [16.9, 23.3, 1.0, 31.7, 4.5, 9.7, 1.2, 1.1, 5.9, 0.6, 0.3, 4.0];

test.skipIf(camvidFolder === undefined)(
  'CamVid has 367 and 101 pairs that all decode, and the class shares that are known of it',
  async () => {
    const source = await openCamvid(camvidFolder!);
    const train = source.images.filter(({ split }) => split === 'train');
    expect([train.length, source.images.length - train.length]).toEqual([367, 101]);

    const progress: number[] = [];
    await validateSource(source, (done) => progress.push(done));
    expect(progress).toEqual(Array.from({ length: 469 }, (_, i) => i));

    const pixels = new Float64Array(12);
    for (const image of train) {
      expect(image.size).toEqual({ height: 360, width: 480 });
      const { data } = await decodeMask((await image.read()).groundTruth);
      for (const id of data) pixels[id === 255 ? 11 : id]!++;
    }
    const shares = [...pixels].map((count) => (100 * count) / (367 * 360 * 480));
    for (const [id, share] of TRAIN_SHARES.entries())
      expect(Math.abs(shares[id]! - share), `class ${id}`).toBeLessThan(0.1);
  },
  60_000,
);
