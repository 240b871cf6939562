import { describe, expect, it } from 'vitest';
import { countWrong } from '../../services/panoptic-scorer/count-wrong.ts';

const size = { height: 2, width: 4 };
const nothing = new Uint8Array(8);

describe('what a model had wrong in the picks', () => {
  it('counts pixels inside the windows that have a class, and those of them that differ', () => {
    const truth = Uint8Array.of(0, 1, 255, 2, 0, 1, 2, 2);
    const predicted = Uint8Array.of(0, 0, 1, 0, 0, 1, 1, 2);
    const window = { top: 0, left: 1, height: 2, width: 2 };
    expect(countWrong({ truth, predicted, before: nothing }, [window], size)).toEqual({ compared: 3, wrong: 2 });
  });

  it('leaves out what was labelled before, and counts a pixel of two windows once', () => {
    const truth = new Uint8Array(8).fill(1);
    const before = Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0);
    const windows = [
      { top: 0, left: 0, height: 1, width: 3 },
      { top: 0, left: 1, height: 2, width: 2 },
    ];
    expect(countWrong({ truth, predicted: nothing, before }, windows, size)).toEqual({ compared: 4, wrong: 4 });
  });

  it('is nothing without windows', () => {
    expect(countWrong({ truth: nothing, predicted: nothing, before: nothing }, [], size)).toEqual({
      compared: 0,
      wrong: 0,
    });
  });
});
