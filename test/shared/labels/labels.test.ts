import { describe, expect, test } from 'vitest';
import { countPixels } from '../../../services/shared/labels/counts.ts';
import {
  isAnnotation,
  NO_CLASS,
  ORIGIN_EXTENDED,
  ORIGIN_HUMAN,
  ORIGIN_INITIAL,
  ORIGIN_NOBODY,
  ORIGIN_ORACLE,
} from '../../../services/shared/labels/origins.ts';
import { paintAnnotations, paintExtension } from '../../../services/shared/labels/paint.ts';
import { checkLabel, emptyLabel, type PixelLabel } from '../../../services/shared/labels/pixel-label.ts';
import { checkWindow, cropWindow, type Window } from '../../../services/shared/labels/windows.ts';

const row = (classes: number[], origins: number[]): PixelLabel => ({
  height: 1,
  width: classes.length,
  classes: Uint8Array.from(classes),
  origins: Uint8Array.from(origins),
});

const annotation = (window: Window, ...classes: number[]) => ({ window, classes: Uint8Array.from(classes) });

test('initial, oracle and human pixels cost budget; nobody and the extension do not', () => {
  expect([ORIGIN_INITIAL, ORIGIN_ORACLE, ORIGIN_HUMAN].map(isAnnotation)).toEqual([true, true, true]);
  expect([ORIGIN_NOBODY, ORIGIN_EXTENDED, 5, 255].map(isAnnotation)).toEqual([false, false, false, false]);
});

describe('countPixels', () => {
  test('void pixels were paid for; extended ones were not; 255 that nobody looked at is nothing', () => {
    const label = row([0, 1, 2, 255, 3, 255], [ORIGIN_INITIAL, ORIGIN_ORACLE, ORIGIN_HUMAN, ORIGIN_ORACLE, 4, 0]);
    expect(countPixels(label)).toEqual({ labelled: 4, void: 1, extended: 1 });
  });

  test('an empty label counts nothing', () => {
    expect(countPixels(emptyLabel({ height: 3, width: 2 }))).toEqual({ labelled: 0, void: 0, extended: 0 });
  });
});

describe('paintAnnotations', () => {
  test('fills the window, leaves the rest, and leaves its argument alone', () => {
    const before = emptyLabel({ height: 3, width: 4 });
    const after = paintAnnotations(
      before,
      [annotation({ top: 1, left: 2, height: 2, width: 2 }, 5, 6, 7, NO_CLASS)],
      ORIGIN_ORACLE,
    );
    const none = NO_CLASS;
    expect([...after.classes]).toEqual([none, none, none, none, none, none, 5, 6, none, none, 7, none]);
    expect([...after.origins]).toEqual([0, 0, 0, 0, 0, 0, 2, 2, 0, 0, 2, 2]);
    expect(before).toEqual(emptyLabel({ height: 3, width: 4 }));
  });

  test('replaces extended pixels and what an earlier annotator said', () => {
    const before = row([1, 2, 3], [ORIGIN_EXTENDED, ORIGIN_ORACLE, ORIGIN_INITIAL]);
    const after = paintAnnotations(
      before,
      [annotation({ top: 0, left: 0, height: 1, width: 2 }, 8, NO_CLASS)],
      ORIGIN_HUMAN,
    );
    expect(after).toEqual(row([8, NO_CLASS, 3], [ORIGIN_HUMAN, ORIGIN_HUMAN, ORIGIN_INITIAL]));
  });

  test('later annotations lie over earlier ones', () => {
    const window = { top: 0, left: 0, height: 1, width: 1 };
    const after = paintAnnotations(
      emptyLabel({ height: 1, width: 1 }),
      [annotation(window, 1), annotation(window, 2)],
      ORIGIN_ORACLE,
    );
    expect(after).toEqual(row([2], [ORIGIN_ORACLE]));
  });

  test('an answer that does not fill its window is a bug', () => {
    const paint = () =>
      paintAnnotations(
        emptyLabel({ height: 2, width: 2 }),
        [annotation({ top: 0, left: 0, height: 2, width: 2 }, 1)],
        2,
      );
    expect(paint).toThrow('one class for each pixel');
  });
});

describe('paintExtension', () => {
  test('never touches initial, oracle and human pixels, void ones included', () => {
    const before = row([1, NO_CLASS, 2, NO_CLASS], [ORIGIN_INITIAL, ORIGIN_ORACLE, ORIGIN_HUMAN, ORIGIN_NOBODY]);
    const after = paintExtension(before, Uint8Array.of(9, 9, 9, 9));
    expect(after).toEqual(row([1, NO_CLASS, 2, 9], [ORIGIN_INITIAL, ORIGIN_ORACLE, ORIGIN_HUMAN, ORIGIN_EXTENDED]));
  });

  test('removes the former extension where the new one says nothing', () => {
    const before = row([1, 2], [ORIGIN_EXTENDED, ORIGIN_EXTENDED]);
    const after = paintExtension(before, Uint8Array.of(NO_CLASS, 3));
    expect(after).toEqual(row([NO_CLASS, 3], [ORIGIN_NOBODY, ORIGIN_EXTENDED]));
  });
});

describe('windows', () => {
  const image = { height: 4, width: 5 };

  test('a window may be one pixel or the whole image', () => {
    for (const window of [
      { top: 3, left: 4, height: 1, width: 1 },
      { top: 0, left: 0, height: 4, width: 5 },
    ]) {
      expect(checkWindow(window, image, 'a')).toBe(window);
    }
  });

  test.each([
    { top: -1, left: 0, height: 1, width: 1 },
    { top: 0, left: 0, height: 5, width: 1 },
    { top: 0, left: 4, height: 1, width: 2 },
    { top: 0, left: 0, height: 0, width: 1 },
    { top: 0.5, left: 0, height: 1, width: 1 },
    { top: Number.NaN, left: 0, height: 1, width: 1 },
  ])('%j is refused with the image and both sizes', (window) => {
    expect(() => checkWindow(window, image, 'img_7')).toThrow(
      /^window of img_7: expected whole pixels inside 4x5, got /,
    );
  });

  test('a crop holds the rows of the window', () => {
    const values = Uint8Array.from({ length: 20 }, (_, i) => i);
    expect([...cropWindow(values, 5, { top: 1, left: 3, height: 3, width: 2 })]).toEqual([8, 9, 13, 14, 18, 19]);
  });
});

describe('checkLabel', () => {
  test.each([
    ['a class outside the class map', row([3], [ORIGIN_ORACLE]), 'expected a class below 3 or 255, got 3'],
    ['an unknown origin', row([0], [5]), 'expected an origin from 0 to 4, got 5'],
    ['a class that nobody gave', row([0], [ORIGIN_NOBODY]), 'expected no class where nobody looked, got 0'],
    [
      'an extension without a class',
      row([NO_CLASS], [ORIGIN_EXTENDED]),
      'expected a class where the label was extended',
    ],
  ])('%s is refused', (_, label, message) => {
    expect(() => checkLabel(label, 3, 'img_7')).toThrow(`label of img_7 at row 0, column 0: ${message}`);
  });

  test('void and unlabelled pixels pass', () => {
    const label = row([NO_CLASS, NO_CLASS, 2], [ORIGIN_ORACLE, ORIGIN_NOBODY, ORIGIN_EXTENDED]);
    expect(checkLabel(label, 3, 'a')).toBe(label);
  });
});
