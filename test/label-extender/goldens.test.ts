// Against an independent implementation in NumPy, with the attention as one dense matrix: test/goldens/make_goldens.py.
import { describe, expect, test } from 'vitest';
import { extendLabel } from '../../services/label-extender/extend.ts';
import { cellColors, cellLabels, gridSize } from '../../services/label-extender/grid.ts';
import { pasteLabels } from '../../services/label-extender/paste.ts';
import { unitPatches } from '../../services/label-extender/patches.ts';
import { NO_CLASS, ORIGIN_EXTENDED, ORIGIN_NOBODY, ORIGIN_ORACLE } from '../../services/shared/labels/origins.ts';
import extensions from '../goldens/extension.json' with { type: 'json' };
import { expectClose } from '../support/expect-close.ts';

describe.each(extensions)('Eq. 7 and 8 at $height x $width, stride $stride', (golden) => {
  const { height, width, stride: stridePx, classCount, scale } = golden;
  const size = { height, width };
  const image = { ...size, data: Uint8Array.from(golden.rgb) };
  const label = {
    ...size,
    classes: Uint8Array.from(golden.classes),
    origins: Uint8Array.from(golden.labelled, (labelled) => (labelled ? ORIGIN_ORACLE : ORIGIN_NOBODY)),
  };

  test('the distribution of each cell', () => {
    const grid = gridSize(size, stridePx);
    const actual = pasteLabels(unitPatches(cellColors(image.data, size, stridePx), grid), {
      size: grid,
      classCount,
      labels: cellLabels(label, stridePx, classCount),
      wanted: new Uint8Array(grid.height * grid.width).fill(1),
      scale,
    });
    // Attention is in single precision.
    expectClose(actual, golden.distribution, 1e-5);
  });

  test.each([0, 0.4, 0.6])('the extended label at a threshold of %d', (minConfidence) => {
    const extended = extendLabel(image, label, { classCount, scale, stridePx, minConfidence, maxDistancePx: 0 });
    golden.labelled.forEach((labelled, pixel) => {
      const accepted = golden.confidence[pixel]! >= minConfidence;
      const expected = labelled ? golden.classes[pixel] : accepted ? golden.likeliest[pixel] : NO_CLASS;
      const origin = labelled ? ORIGIN_ORACLE : accepted ? ORIGIN_EXTENDED : ORIGIN_NOBODY;
      expect([pixel, extended.classes[pixel], extended.origins[pixel]]).toEqual([pixel, expected, origin]);
    });
  });
});
