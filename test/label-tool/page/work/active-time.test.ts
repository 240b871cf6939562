import { describe, expect, it } from 'vitest';
import { createActiveTime } from '../../../../services/label-tool/page/work/active-time.ts';

describe('active time', () => {
  it('counts from one sign of life to the next', () => {
    const time = createActiveTime();
    for (const ms of [1_000, 3_000, 8_500]) time.note(ms);
    expect(time.cost()).toEqual({ activeSeconds: 7.5, clicks: 0, strokes: 0 });
  });

  it('counts no more than half a minute of a pause', () => {
    const time = createActiveTime();
    time.note(0);
    time.note(3_600_000);
    time.note(3_601_000);
    expect(time.cost().activeSeconds).toBe(31);
  });

  it('counts clicks and strokes, and goes on from an earlier session', () => {
    const time = createActiveTime({ activeSeconds: 12.5, clicks: 3, strokes: 2 });
    time.click(5_000);
    time.stroke(6_000);
    expect(time.cost()).toEqual({ activeSeconds: 13.5, clicks: 4, strokes: 3 });
  });

  it('is not confused by a clock that goes back', () => {
    const time = createActiveTime();
    time.note(5_000);
    time.note(1_000);
    expect(time.cost().activeSeconds).toBe(0);
  });
});
