import { beforeAll, describe, expect, test } from 'vitest';
import { parseDatasetFlag, SYNTHETIC_DEFAULTS } from '../../../services/shared/datasets/dataset-flag.ts';
import { openDataset } from '../../../services/shared/datasets/open-dataset.ts';
import {
  BICYCLIST,
  BUILDING,
  CAR,
  PAVEMENT,
  PEDESTRIAN,
  POLE,
  ROAD,
  SIGN,
  SKY,
  SYNTHETIC_CLASS_MAP,
  VEGETATION,
} from '../../../services/shared/datasets/synthetic/classes.ts';
import { randomOf } from '../../../services/shared/datasets/synthetic/random.ts';
import { renderScene, type Scene } from '../../../services/shared/datasets/synthetic/render.ts';
import { openSynthetic } from '../../../services/shared/datasets/synthetic.ts';
import { validateSource } from '../../../services/shared/datasets/validate-source.ts';
import { digestOf } from '../../../services/shared/objects/object-store.ts';

const CLASS_COUNT = SYNTHETIC_CLASS_MAP.classes.length;
const SIZE = { height: 96, width: 128 };
const sharesOf = (scenes: readonly Scene[]): number[] => {
  const counts = new Array<number>(CLASS_COUNT).fill(0);
  for (const { mask } of scenes) for (const id of mask.data) counts[id]!++;
  return counts.map((count) => count / (scenes.length * SIZE.height * SIZE.width));
};

let scenes: Scene[];
beforeAll(() => {
  scenes = Array.from({ length: 120 }, (_, number) => renderScene(SIZE, 1, 'train', number));
});

describe('scenes', () => {
  test('are the same for the same seed, to the bit, on every machine', async () => {
    const source = openSynthetic({ ...SYNTHETIC_DEFAULTS, train: 3, val: 1, height: 48, width: 64 });
    const again = openSynthetic({ ...SYNTHETIC_DEFAULTS, train: 4, val: 1, height: 48, width: 64 });
    for (const index of [0, 1, 2])
      expect(await source.images[index]!.read()).toEqual(await again.images[index]!.read());
    const { image, mask } = renderScene({ height: 48, width: 64 }, 1, 'train', 0);
    expect(digestOf(image.data)).toBe('sha256/d586d08bb2e05500b1d9c13aa32bffdf44660f359427ef16c800c39be5e5335e');
    expect(digestOf(mask.data)).toBe('sha256/87054a9b8a6cc7ccfa63f8a3408388218f5cf677b20e7ee65d1d1c57a9f29d7f');
  });

  test('differ by number, by split and by seed', () => {
    const names = [
      [1, 'train', 0],
      [1, 'train', 1],
      [1, 'val', 0],
      [2, 'train', 0],
      [0, 'train', 1],
    ] as const;
    expect(new Set(names.map((name) => digestOf(renderScene(SIZE, ...name).image.data))).size).toBe(names.length);
  });

  test('hold every class, a few of them most of the pixels', () => {
    const shares = sharesOf(scenes);
    for (const frequent of [SKY, BUILDING, ROAD, VEGETATION, CAR]) expect(shares[frequent]).toBeGreaterThan(0.04);
    expect(shares[PAVEMENT]).toBeGreaterThan(0.02);
    for (const rare of [POLE, SIGN, PEDESTRIAN, BICYCLIST]) {
      expect(shares[rare]).toBeGreaterThan(0.001);
      expect(shares[rare]).toBeLessThan(0.02);
    }
  });

  test('differ in what they hold: some have no pavement and nobody in them, and of the others only some have pedestrians', () => {
    const withPavement = scenes.filter(({ mask }) => mask.data.includes(PAVEMENT));
    const highways = scenes.filter(({ mask }) => !mask.data.includes(PAVEMENT));
    expect(highways.length).toBeGreaterThan(12);
    expect(withPavement.length).toBeGreaterThan(60);
    expect(highways.some(({ mask }) => mask.data.includes(PEDESTRIAN))).toBe(false);
    const peopled = withPavement.filter(({ mask }) => mask.data.includes(PEDESTRIAN));
    expect(peopled.length).toBeGreaterThan(20);
    expect(peopled.length).toBeLessThan(withPavement.length);
  });

  test('have bright and dark ones', () => {
    const means = scenes.map(({ image }) => image.data.reduce((sum, value) => sum + value, 0) / image.data.length);
    expect(Math.min(...means)).toBeLessThan(60);
    expect(Math.max(...means)).toBeGreaterThan(130);
  });

  test('keep the sky above the road in every column of every picture', () => {
    for (const { mask } of scenes) {
      const firstRoad = new Array<number>(SIZE.width).fill(SIZE.height);
      const lastSky = new Array<number>(SIZE.width).fill(-1);
      mask.data.forEach((id, i) => {
        const [y, x] = [Math.floor(i / SIZE.width), i % SIZE.width];
        if (id === ROAD) firstRoad[x] = Math.min(firstRoad[x]!, y);
        if (id === SKY) lastSky[x] = y;
      });
      for (const [x, y] of lastSky.entries()) expect(y).toBeLessThan(firstRoad[x]!);
    }
  });

  test('cannot be told apart by colour alone', () => {
    // The most frequent class of each of 16 x 16 x 16 colours, learnt on all but the last 40 scenes and asked of those.
    const votes = Array.from({ length: 4096 }, () => new Uint32Array(CLASS_COUNT));
    const binOf = (data: Uint8Array, i: number) =>
      ((data[i * 3]! >> 4) << 8) | ((data[i * 3 + 1]! >> 4) << 4) | (data[i * 3 + 2]! >> 4);
    for (const { image, mask } of scenes.slice(0, 80)) {
      mask.data.forEach((id, i) => {
        votes[binOf(image.data, i)]![id]!++;
      });
    }
    const answers = votes.map((counts) => counts.indexOf(Math.max(...counts)));
    const confusion = Array.from({ length: CLASS_COUNT }, () => new Uint32Array(CLASS_COUNT));
    for (const { image, mask } of scenes.slice(80)) {
      mask.data.forEach((id, i) => {
        confusion[id]![answers[binOf(image.data, i)]!]!++;
      });
    }
    const iou = confusion.map((row, id) => {
      const truth = row.reduce((sum, count) => sum + count, 0);
      const answered = confusion.reduce((sum, other) => sum + other[id]!, 0);
      return row[id]! / (truth + answered - row[id]!);
    });
    const mean = iou.reduce((sum, value) => sum + value, 0) / CLASS_COUNT;
    expect(mean).toBeLessThan(0.3);
    for (const id of [POLE, SIGN, PEDESTRIAN, BICYCLIST, CAR, PAVEMENT]) expect(iou[id]).toBeLessThan(0.25);
  });

  test('may be of any size that the flag allows', () => {
    for (const size of [
      { height: 32, width: 32 },
      { height: 33, width: 255 },
      { height: 301, width: 45 },
    ]) {
      const { image, mask } = renderScene(size, 5, 'val', 2);
      expect(image.data).toHaveLength(size.height * size.width * 3);
      expect(mask.data).toHaveLength(size.height * size.width);
    }
  });
});

describe('the synthetic source', () => {
  test('is opened by its recipe and validates', async () => {
    const source = await openDataset(parseDatasetFlag('synthetic:train=3,val=2,size=40x56,seed=9'));
    expect(source.displayName).toBe('synthetic:train=3,val=2,size=40x56,seed=9');
    expect(source.images.map(({ imageId }) => imageId)).toEqual([
      'train/scene-00000',
      'train/scene-00001',
      'train/scene-00002',
      'val/scene-00000',
      'val/scene-00001',
    ]);
    expect(source.images[4]).toMatchObject({ split: 'val', size: { height: 40, width: 56 } });
    const progress: [number, number][] = [];
    await validateSource(source, (done, total) => progress.push([done, total]));
    expect(progress).toEqual([0, 1, 2, 3, 4, 5].map((done) => [done, 5]));
  });
});

describe('seeded chance', () => {
  test('follows weights, and never draws what weighs nothing', () => {
    const random = randomOf(4);
    const draws = Array.from({ length: 4000 }, () =>
      random.weighted([
        ['a', 1],
        ['b', 0],
        ['c', 3],
      ] as const),
    );
    expect(draws).not.toContain('b');
    expect(Math.abs(draws.filter((draw) => draw === 'c').length - 3000)).toBeLessThan(110);
  });
});
