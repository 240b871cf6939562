import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../services/shared/random.ts';
import { type Augmentation, augment, drawAugmentation, type Sample } from '../../services/trainer/augment.ts';

const unchanged: Augmentation = { flip: false, scale: 1, top: 0, left: 0, brightness: 1, blurPx: 0 };

/** A sample whose three channels are equal. */
function sampleOf(grey: number[][], classes: number[][]): Sample {
  return {
    height: grey.length,
    width: grey[0]!.length,
    image: Uint8Array.from(grey.flat().flatMap((value) => [value, value, value])),
    classes: Uint8Array.from(classes.flat()),
  };
}

function apply(sample: Sample, change: Partial<Augmentation>) {
  const pixels = sample.height * sample.width;
  const target = { image: new Uint8Array(pixels * 3), classes: new Uint8Array(pixels) };
  augment(sample, { ...unchanged, ...change }, target);
  return { grey: [...target.image.filter((_, i) => i % 3 === 0)], classes: [...target.classes] };
}

const sample = sampleOf(
  [
    [10, 20, 30, 40],
    [50, 60, 70, 80],
  ],
  [
    [0, 1, 2, 3],
    [4, 5, 6, 255],
  ],
);

describe('augmentation', () => {
  it('changes nothing where nothing was drawn', () => {
    expect(apply(sample, {})).toEqual({ grey: [10, 20, 30, 40, 50, 60, 70, 80], classes: [0, 1, 2, 3, 4, 5, 6, 255] });
  });

  it('flips image and labels together', () => {
    expect(apply(sample, { flip: true })).toEqual({
      grey: [40, 30, 20, 10, 80, 70, 60, 50],
      classes: [3, 2, 1, 0, 255, 6, 5, 4],
    });
  });

  it('enlarges a crop, labels by the nearest pixel', () => {
    expect(apply(sample, { scale: 2, top: 0, left: 1 }).classes).toEqual([2, 2, 3, 3, 2, 2, 3, 3]);
  });

  it('interpolates an enlarged image between pixel centres', () => {
    expect(apply(sample, { scale: 2 }).grey.slice(0, 4)).toEqual([10, 13, 18, 23]);
  });

  it('surrounds a smaller image by unlabelled grey', () => {
    const { grey, classes } = apply(sample, { scale: 0.5, top: 0, left: 0 });
    expect(classes.slice(2)).toEqual([255, 255, 255, 255, 255, 255]);
    expect(grey.slice(2)).toEqual([112, 112, 112, 112, 112, 112]);
  });

  it('brightens up to white', () => {
    expect(apply(sample, { brightness: 4 }).grey).toEqual([40, 80, 120, 160, 200, 240, 255, 255]);
  });

  it('blurs without changing a flat image, or the sum around a point', () => {
    const flat = sampleOf([Array(7).fill(90)], [Array(7).fill(0)]);
    expect(apply(flat, { blurPx: 1 }).grey).toEqual(Array(7).fill(90));
    const rows = Array.from({ length: 9 }, (_, y) =>
      Array.from({ length: 9 }, (_, x) => (x === 4 && y === 4 ? 250 : 0)),
    );
    const point = apply(
      sampleOf(
        rows,
        rows.map((row) => row.map(() => 0)),
      ),
      { blurPx: 1 },
    ).grey;
    expect(point[40]).toBe(40); // 250 / (2 pi), less rounding in between
    expect(point[39]).toBe(point[31]);
    expect(Math.abs(point.reduce((sum, value) => sum + value) - 250)).toBeLessThan(15);
  });

  it('draws the same numbers whatever is switched on', () => {
    const all = { flip: true, blur: true, scaleAndBrightness: true };
    const draw = (options: typeof all) => drawAugmentation(options, seededRandom('draw', 1));
    expect(draw({ ...all, blur: false })).toEqual({ ...draw(all), blurPx: 0 });
    expect(draw({ ...all, flip: false })).toEqual({ ...draw(all), flip: false });
    expect(draw({ flip: false, blur: false, scaleAndBrightness: false })).toMatchObject({ scale: 1, brightness: 1 });
  });
});
