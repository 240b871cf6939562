import { describe, expect, test } from 'vitest';
import { type ExtensionOptions, extendLabel } from '../../services/label-extender/extend.ts';
import { cellLabels } from '../../services/label-extender/grid.ts';
import { pasteLabels } from '../../services/label-extender/paste.ts';
import type { Size } from '../../services/shared/images/images.ts';
import {
  isAnnotation,
  NO_CLASS,
  ORIGIN_EXTENDED,
  ORIGIN_HUMAN,
  ORIGIN_INITIAL,
  ORIGIN_NOBODY,
  ORIGIN_ORACLE,
} from '../../services/shared/labels/origins.ts';
import { emptyLabel, type PixelLabel } from '../../services/shared/labels/pixel-label.ts';
import { randomInteger, seededRandom } from '../../services/shared/random.ts';
import { expectClose } from '../support/expect-close.ts';

const OPTIONS: ExtensionOptions = { classCount: 4, scale: 10, stridePx: 2, minConfidence: 0, maxDistancePx: 0 };

const constantImage = (size: Size) => ({ ...size, data: new Uint8Array(size.height * size.width * 3).fill(200) });

/** Left half red, right half blue. */
const twoColors = ({ height, width }: Size) => ({
  height,
  width,
  data: Uint8Array.from({ length: height * width * 3 }, (_, i) => {
    const isLeft = Math.floor(i / 3) % width < width / 2;
    return i % 3 === (isLeft ? 0 : 2) ? 250 : 5;
  }),
});

/** Marks pixels of an empty label by [row, column, class]. */
function labelWith(
  size: Size,
  marks: readonly (readonly [number, number, number])[],
  origin = ORIGIN_ORACLE,
): PixelLabel {
  const label = emptyLabel(size);
  for (const [y, x, id] of marks) {
    label.classes[y * size.width + x] = id;
    label.origins[y * size.width + x] = origin;
  }
  return label;
}

describe('pasteLabels', () => {
  test('a constant image spreads the mean of the labels', () => {
    // Cells apart from each other, so that no pasted patch holds two labels.
    const size = { height: 7, width: 7 };
    const label = labelWith(size, [
      [0, 0, 1],
      [0, 4, 1],
      [4, 0, 1],
      [4, 4, 3],
    ]);
    const distribution = pasteLabels(new Float32Array(49 * 27).fill(1 / Math.sqrt(27)), {
      size,
      classCount: 4,
      labels: cellLabels(label, 1, 4),
      wanted: new Uint8Array(49).fill(1),
      scale: 10,
    });
    expectClose(distribution, Array.from({ length: 49 }, () => [0, 3 / 4, 0, 1 / 4]).flat(), 1e-6);
  });

  test('wanted cells do not depend on which others are wanted', () => {
    const random = seededRandom('wanted');
    const size = { height: 6, width: 8 };
    const patches = Float32Array.from({ length: 48 * 27 }, () => random() - 0.5);
    const labels = cellLabels(
      labelWith(size, [
        [1, 1, 0],
        [1, 2, 1],
        [4, 6, 2],
      ]),
      1,
      4,
    );
    const paste = (wanted: Uint8Array) => pasteLabels(patches, { size, classCount: 4, labels, wanted, scale: 10 });
    const all = paste(new Uint8Array(48).fill(1));
    for (const cell of [0, 7, 20, 47]) {
      const one = paste(new Uint8Array(48).fill(1, cell, cell + 1));
      expectClose(one.subarray(cell * 4, cell * 4 + 4), all.subarray(cell * 4, cell * 4 + 4), 1e-6);
    }
  });
});

describe('cellLabels', () => {
  test('are the shares of the classes that somebody gave; void and extended pixels say nothing', () => {
    const size = { height: 2, width: 4 };
    const label = labelWith(size, [
      [0, 0, 1],
      [0, 1, 1],
      [1, 0, 3],
      [1, 1, NO_CLASS],
    ]);
    label.classes[2] = 2;
    label.origins[2] = ORIGIN_EXTENDED;
    expect([...cellLabels(label, 2, 4)]).toEqual([0, 2 / 3, 0, 1 / 3, 0, 0, 0, 0]);
  });
});

describe('extendLabel', () => {
  const size = { height: 16, width: 20 };

  test('a colour takes the class that was given to it elsewhere', () => {
    const label = labelWith(size, [
      [8, 2, 1],
      [8, 17, 2],
    ]);
    const { classes } = extendLabel(twoColors(size), label, { ...OPTIONS, scale: 50 });
    for (let pixel = 0; pixel < classes.length; pixel++) {
      const x = pixel % size.width;
      if (x < 8) expect(classes[pixel]).toBe(1);
      if (x >= 12) expect(classes[pixel]).toBe(2);
    }
  });

  test('what somebody looked at stays, void and wrong answers included; everything else is extended', () => {
    const random = seededRandom('stays');
    for (let round = 0; round < 20; round++) {
      const shape = { height: 1 + randomInteger(random, 20), width: 1 + randomInteger(random, 20) };
      const label = emptyLabel(shape);
      label.origins.forEach((_, i) => {
        if (random() > 0.2) return;
        label.origins[i] = [ORIGIN_INITIAL, ORIGIN_ORACLE, ORIGIN_HUMAN][randomInteger(random, 3)]!;
        label.classes[i] = random() < 0.1 ? NO_CLASS : randomInteger(random, 4);
      });
      const image = { ...shape, data: randomImage(shape, random) };
      const hasKeys = label.classes.some((id) => id !== NO_CLASS);
      const extended = extendLabel(image, label, { ...OPTIONS, stridePx: 1 + randomInteger(random, 9) });
      extended.origins.forEach((origin, i) => {
        const asked = isAnnotation(label.origins[i]!);
        expect(origin).toBe(asked ? label.origins[i] : hasKeys ? ORIGIN_EXTENDED : ORIGIN_NOBODY);
        if (asked) expect(extended.classes[i]).toBe(label.classes[i]);
      });
    }
  });

  test('a new extension replaces the former one, which has no say in it', () => {
    const label = labelWith(size, [
      [8, 2, 1],
      [8, 17, 2],
    ]);
    const former = { ...label, classes: label.classes.slice(), origins: label.origins.slice() };
    former.origins.forEach((origin, i) => {
      if (origin !== ORIGIN_NOBODY) return;
      former.origins[i] = ORIGIN_EXTENDED;
      former.classes[i] = 3;
    });
    expect(extendLabel(twoColors(size), former, OPTIONS)).toEqual(extendLabel(twoColors(size), label, OPTIONS));
  });

  test('below the threshold a pixel stays unlabelled', () => {
    const label = labelWith(size, [
      [2, 2, 0],
      [2, 10, 1],
      [12, 2, 2],
    ]);
    // Three classes of equal mass.
    const extended = (minConfidence: number) =>
      extendLabel(constantImage(size), label, { ...OPTIONS, minConfidence }).origins.filter(
        (origin) => origin === ORIGIN_EXTENDED,
      ).length;
    expect(extended(0.34)).toBe(0);
    expect(extended(0.33)).toBe(16 * 20 - 3);
  });

  test('certainty passes a threshold of 1', () => {
    const label = labelWith(size, [
      [2, 2, 3],
      [2, 3, 3],
      [9, 9, 3],
    ]);
    const { classes } = extendLabel(twoColors(size), label, { ...OPTIONS, minConfidence: 1 });
    expect(classes.every((id) => id === 3)).toBe(true);
  });

  test('no pixel is taken further from a label than the distance, and all are within it', () => {
    const label = labelWith(size, [[5, 6, 1]]);
    const { origins } = extendLabel(constantImage(size), label, { ...OPTIONS, maxDistancePx: 4 });
    origins.forEach((origin, i) => {
      const squared = (Math.floor(i / size.width) - 5) ** 2 + ((i % size.width) - 6) ** 2;
      expect(origin === ORIGIN_EXTENDED).toBe(squared > 0 && squared <= 16);
    });
  });

  test('void is no label to be near to, and none to spread', () => {
    const label = labelWith(size, [[5, 6, NO_CLASS]]);
    expect(extendLabel(constantImage(size), label, OPTIONS)).toEqual(label);
  });

  test('an unlabelled image stays so, a wholly labelled one too, on one pixel as well', () => {
    const empty = emptyLabel(size);
    expect(extendLabel(twoColors(size), empty, OPTIONS)).toEqual(empty);
    const full = { ...size, classes: new Uint8Array(320).fill(2), origins: new Uint8Array(320).fill(ORIGIN_INITIAL) };
    expect(extendLabel(twoColors(size), full, OPTIONS)).toEqual(full);
    const one = { height: 1, width: 1 };
    expect(extendLabel(constantImage(one), emptyLabel(one), OPTIONS)).toEqual(emptyLabel(one));
  });

  test('equal input gives equal labels', () => {
    const random = seededRandom('equal');
    const image = { ...size, data: randomImage(size, random) };
    const label = labelWith(size, [
      [1, 1, 0],
      [9, 9, 1],
      [15, 19, 2],
    ]);
    expect(extendLabel(image, label, OPTIONS)).toEqual(extendLabel(image, label, OPTIONS));
  });
});

function randomImage({ height, width }: Size, random: () => number): Uint8Array {
  return Uint8Array.from({ length: height * width * 3 }, () => randomInteger(random, 256));
}
