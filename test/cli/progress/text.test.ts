import { describe, expect, it } from 'vitest';
import {
  formatAmount,
  formatBar,
  formatDuration,
  formatSeconds,
  secondsLeft,
} from '../../../services/cli/progress/text.ts';

describe('durations', () => {
  it.each([
    [0.4, '0 s'],
    [59.4, '59 s'],
    [59.6, '1 min 00 s'],
    [125, '2 min 05 s'],
    [3599.6, '1 h 00 min'],
    [4020, '1 h 07 min'],
    [-1, '0 s'],
  ])('%d s is %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  it('of finished steps have a tenth while they are short', () => {
    expect(formatSeconds(0.25)).toBe('0.3 s');
    expect(formatSeconds(75)).toBe('1 min 15 s');
  });
});

describe('amounts', () => {
  it('tell units, percentage, elapsed and left', () => {
    expect(formatAmount({ done: 93, total: 150, unit: 'steps' }, 12)).toBe('93/150 steps, 62 %, 12 s, 7 s left');
  });

  it('tell the time alone while nothing can be counted', () => {
    expect(formatAmount({ done: 0, total: 0, unit: 'steps' }, 12)).toBe('12 s');
  });

  it('guess no time left from almost nothing, and none when done', () => {
    expect(secondsLeft({ done: 1, total: 1000, unit: '' }, 10)).toBeUndefined();
    expect(formatAmount({ done: 1, total: 1000, unit: '' }, 10)).toBe('1/1000, 0 %, 10 s');
    expect(formatAmount({ done: 8, total: 8, unit: 'images' }, 10)).toBe('8/8 images, 100 %, 10 s');
  });

  it('are linear in what is left', () => {
    expect(secondsLeft({ done: 1, total: 4, unit: '' }, 10)).toBe(30);
    expect(secondsLeft({ done: 2, total: 4, unit: '' }, 10)).toBe(10);
  });
});

describe('bars', () => {
  const amount = { done: 5, total: 10, unit: 'images' };

  it('are half full at half', () => {
    const bar = formatBar('t', amount, 4, 200);
    expect([...bar].filter((character) => character === '█')).toHaveLength(16);
    expect([...bar].filter((character) => character === '░')).toHaveLength(16);
  });

  it('fit the terminal at any width, and give way to the facts', () => {
    for (let columns = 10; columns < 120; columns++)
      expect([...formatBar('cpral 2/4 train', amount, 4, columns)].length).toBeLessThanOrEqual(columns);
    expect(formatBar('train', amount, 4, 46)).toContain('5/10 images, 50 %, 4 s, 4 s left');
  });
});
