import { describe, expect, it } from 'vitest';
import { Region } from '../../../../proto/gen/cpral/v1/resources.ts';
import { chooseImages, pictureSize, windowOf } from '../../../../services/cli/report/pictures/choose.ts';
import { outlineWindows } from '../../../../services/cli/report/pictures/outline.ts';
import { paintLabel } from '../../../../services/cli/report/pictures/paint-label.ts';
import { paletteOf } from '../../../../services/cli/report/pictures/palette.ts';

const grey = (height: number, width: number, level: number) => ({
  height,
  width,
  data: new Uint8Array(height * width * 3).fill(level),
});
const pixel = (picture: { width: number; data: Uint8Array }, y: number, x: number) => [
  ...picture.data.subarray((y * picture.width + x) * 3, (y * picture.width + x) * 3 + 3),
];
const FRAME = [255, 214, 10];

describe('windows in a picture', () => {
  const picture = outlineWindows(grey(12, 16, 100), [{ top: 2, left: 3, height: 8, width: 9 }]);

  it('have their frame on their own border', () => {
    for (const [y, x] of [
      [2, 3],
      [2, 11],
      [9, 3],
      [9, 11],
      [5, 3],
      [2, 7],
    ] as const) {
      expect(pixel(picture, y, x)).toEqual(FRAME);
    }
  });

  it('leave what is outside and what is inside as it was', () => {
    for (const [y, x] of [
      [1, 3],
      [2, 2],
      [10, 11],
      [9, 12],
      [6, 7],
    ] as const) {
      expect(pixel(picture, y, x)).toEqual([100, 100, 100]);
    }
  });

  it('are cut where they leave the picture, and drawn on a copy', () => {
    const image = grey(4, 4, 9);
    const cut = outlineWindows(image, [{ top: -2, left: -2, height: 40, width: 40 }]);
    expect(pixel(cut, 0, 0)).toEqual(FRAME);
    expect(pixel(cut, 3, 3)).toEqual(FRAME);
    expect(pixel(image, 0, 0)).toEqual([9, 9, 9]);
  });
});

it('a class without a plain colour is grey', () => {
  expect(
    paletteOf([
      { name: 'a', color: '#0A10ff' },
      { name: 'b', color: '' },
    ]),
  ).toEqual([
    [10, 16, 255],
    [128, 128, 128],
  ]);
});

describe('a painted label', () => {
  const palette = paletteOf([
    { name: 'road', color: '#804080' },
    { name: 'sky', color: '#0000ff' },
  ]);
  const row = (values: number[]) => ({ height: 1, width: values.length, data: Uint8Array.from(values) });
  // Labelled by the oracle, extended, void, and unlabelled.
  const label = { image: grey(1, 4, 100), classes: row([0, 1, 255, 255]), origins: row([2, 4, 2, 0]), palette };

  it('shows classes in the colours of the class map', () => {
    const [red, green, blue] = pixel(paintLabel({ ...label, extended: true }), 0, 0);
    expect(red).toBe(blue);
    expect(red! - green!).toBeGreaterThan(40);
  });

  it('shows extended pixels only where they are asked for', () => {
    const sky = pixel(paintLabel({ ...label, extended: true }), 0, 1);
    expect(sky[2]! - sky[0]!).toBeGreaterThan(100);
    const hidden = paintLabel({ ...label, extended: false });
    expect(pixel(hidden, 0, 1)).toEqual(pixel(hidden, 0, 3));
  });

  it('tells void from unlabelled', () => {
    const painted = paintLabel({ ...label, extended: true });
    expect(Math.max(...pixel(painted, 0, 2))).toBeLessThan(100);
    expect(Math.min(...pixel(painted, 0, 3))).toBeGreaterThan(150);
  });
});

describe('the pictures of a report', () => {
  const region = (cycle: number, imageId: string, rank: number) =>
    Region.fromPartial({ cycle, imageId, rank, top: 9, left: 18, height: 9, width: 9, score: -rank });

  it('are of the images with the best ranks of each cycle, with all their windows', () => {
    const shown = chooseImages([
      region(1, 'b', 3),
      region(0, 'd', 4),
      region(0, 'a', 2),
      region(0, 'c', 0),
      region(0, 'b', 1),
      region(0, 'c', 3),
    ]);
    expect(shown.map(({ cycle, imageId }) => `${cycle} ${imageId}`)).toEqual(['0 c', '0 b', '0 a', '1 b']);
    expect(shown[0]!.regions.map(({ rank }) => rank)).toEqual([0, 3]);
  });

  it('are no more for a hundred cycles than fit a report', () => {
    const regions = Array.from({ length: 300 }, (_, at) => region(Math.floor(at / 3), `image${at}`, at % 3));
    const shown = chooseImages(regions);
    expect(shown).toHaveLength(48);
    expect(shown.at(-1)!.cycle).toBe(99);
  });

  it('have one width, and windows in proportion', () => {
    const size = { height: 180, width: 240 };
    expect(pictureSize(size)).toEqual({ height: 270, width: 360 });
    expect(windowOf(region(0, 'a', 0), size, pictureSize(size))).toEqual({ top: 14, left: 27, height: 13, width: 14 });
  });

  it('of neighbouring windows touch without a gap', () => {
    const size = { height: 97, width: 131 };
    const to = pictureSize(size);
    const upper = windowOf(Region.fromPartial({ top: 0, left: 0, height: 23, width: 23 }), size, to);
    const lower = windowOf(Region.fromPartial({ top: 23, left: 0, height: 23, width: 23 }), size, to);
    expect(upper.top + upper.height).toBe(lower.top);
  });
});
