import { describe, expect, test } from 'vitest';
import { cellFeatures } from '../../services/label-extender/cell-features.ts';
import { extendLabel } from '../../services/label-extender/extend.ts';
import { ORIGIN_ORACLE } from '../../services/shared/labels/origins.ts';
import { emptyLabel } from '../../services/shared/labels/pixel-label.ts';
import { expectClose } from '../support/expect-close.ts';

describe('features of cells', () => {
  test('are the features themselves where cells are as many and a pixel each', () => {
    const values = Float32Array.of(1, 2, 3, 4, 5, 6);
    const cells = cellFeatures({ height: 1, width: 3, channels: 2, values }, { height: 1, width: 3 }, 1);
    expect([...cells]).toEqual([...values]);
  });

  test('lie between features as the centres of cells lie between the corners of the image', () => {
    const map = { height: 2, width: 2, channels: 1, values: Float32Array.of(0, 7, 70, 77) };
    // Eight pixels a side, cells of four: centres at 1.5 and 5.5 of 0..7.
    const cells = cellFeatures(map, { height: 8, width: 8 }, 4);
    expectClose(cells, [16.5, 20.5, 56.5, 60.5], 1e-5);
  });

  test('of a cell that is cut off at the border are those of its own centre', () => {
    const map = { height: 1, width: 2, channels: 1, values: Float32Array.of(0, 5) };
    const cells = cellFeatures(map, { height: 1, width: 6 }, 4);
    expectClose(cells, [1.5, 4.5], 1e-6);
  });
});

describe('extension by features', () => {
  test('follows what features tell apart where colours are all the same', () => {
    const size = { height: 4, width: 8 };
    const image = { ...size, data: new Uint8Array(96).fill(100) };
    const label = emptyLabel(size);
    for (const [pixel, id] of [
      [0, 1],
      [7, 2],
    ] as const) {
      label.classes[pixel] = id;
      label.origins[pixel] = ORIGIN_ORACLE;
    }
    const values = Float32Array.from({ length: 8 * 2 }, (_, i) => (Math.floor(i / 2) < 5 === (i % 2 === 0) ? 1 : 0));
    const features = { height: 1, width: 8, channels: 2, values };
    const options = { classCount: 3, scale: 50, stridePx: 1, minConfidence: 0, maxDistancePx: 0, features };
    const { classes } = extendLabel(image, label, options);
    // Labels are pasted with their neighbours' attention, so the row of the border between the two may go either way.
    expect([...classes.subarray(8, 12)]).toEqual([1, 1, 1, 1]);
    expect([...classes.subarray(14, 16)]).toEqual([2, 2]);
  });
});
