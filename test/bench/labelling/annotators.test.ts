import { describe, expect, it } from 'vitest';
import { outlineOf, simplify } from './outline.ts';
import { labelByPolygons } from './polygon-annotator.ts';
import type { Region } from './region.ts';
import { labelBySuperpixels } from './superpixel-annotator.ts';

const SIZE = { height: 40, width: 40 };

/** A picture whose colours say its classes. */
function regionOf(classAt: (x: number, y: number) => number): Region {
  const truth = Uint8Array.from({ length: 1600 }, (_, at) => classAt(at % 40, Math.floor(at / 40)));
  const rgba = new Uint8ClampedArray(6400).fill(255);
  truth.forEach((id, at) => {
    rgba.fill(40 + 90 * id, at * 4, at * 4 + 3);
  });
  return { name: 'toy', size: SIZE, picture: { height: 360, width: 480 }, rgba, truth };
}

const pixelsOf = ({ truth }: Region, id: number) => [...truth.keys()].filter((at) => truth[at] === id);
const text = (points: readonly { x: number; y: number }[]) => points.map(({ x, y }) => `${x},${y}`).join(' ');

describe('an outline', () => {
  it('has the corners of its object, in order', () => {
    const square = regionOf((x, y) => (x >= 3 && x < 9 && y >= 5 && y < 7 ? 1 : 0));
    expect(text(outlineOf(pixelsOf(square, 1), SIZE))).toBe('9,5 9,7 3,7 3,5');
  });

  it('goes around a notch, and not into a hole', () => {
    const shape = regionOf((x, y) => (x < 6 && y < 6 && !(x >= 4 && y < 2) && !(x === 2 && y === 3) ? 1 : 0));
    expect(text(outlineOf(pixelsOf(shape, 1), SIZE))).toBe('4,0 4,2 6,2 6,6 0,6 0,0');
  });

  it('loses the corners that are within the tolerance', () => {
    const corners = [
      { x: 0, y: 0 },
      { x: 5, y: 0.4 },
      { x: 10, y: 0 },
      { x: 10, y: 10 },
      { x: 0, y: 10 },
    ];
    expect(simplify(corners, 0.5)).toHaveLength(4);
    expect(simplify(corners, 0.3)).toHaveLength(5);
  });
});

describe('the scripted annotators', () => {
  const halves = regionOf((x) => (x < 17 ? 0 : 1));
  const acrossSeconds = 0.35;

  it('need four corners, or one drag, for a rectangle beside the commonest class', () => {
    expect(labelByPolygons(halves, 0.99)).toMatchObject({ clicks: 4, agreement: 1 });
    expect(labelBySuperpixels(halves, 0.99, { name: 'fine', acrossSeconds })).toMatchObject({
      clicks: 1,
      agreement: 1,
    });
  });

  it('do nothing but fill in what is of one class', () => {
    const flat = regionOf(() => 1);
    expect(labelByPolygons(flat, 0.95)).toEqual({ seconds: 1.35 + 0.56, clicks: 0, agreement: 1 });
    expect(labelBySuperpixels(flat, 0.95, { name: 'medium', acrossSeconds })).toEqual(labelByPolygons(flat, 0.95));
  });

  it('cut what the colours do not tell apart', () => {
    const hidden = { ...halves, rgba: new Uint8ClampedArray(6400).fill(128) };
    const { clicks, agreement } = labelBySuperpixels(hidden, 0.97, { name: 'coarse', acrossSeconds });
    expect(clicks).toBeGreaterThan(2);
    expect(agreement).toBeGreaterThanOrEqual(0.97);
  });

  it('say so where they cannot reach what is asked for', () => {
    expect(() => labelBySuperpixels(halves, 1.01, { name: 'fine', acrossSeconds })).toThrow('do not reach 1.01');
    expect(() => labelByPolygons(halves, 1.01)).toThrow('polygons reach 1');
  });
});
