import { describe, expect, it } from 'vitest';
import { acquisition } from './acquisition.ts';
import { compare, rowText } from './rows.ts';

const timings = [
  { name: 'ours float32', ms: [30, 10, 20], peakBytes: 6 * 2 ** 20 },
  { name: 'torch eager', ms: [40, 90], peakBytes: 8 * 2 ** 20 },
];
const goal = { name: 'training', ours: 'float32', peer: 'torch eager', measure: 'time', ratio: 0.25 } as const;

describe('the table of a benchmark', () => {
  it('compares the minima of the repeats with the goal', () => {
    const [row] = compare(timings, [goal]);
    expect(row).toMatchObject({ ours: { value: 10 }, peer: { value: 40 }, ratio: 0.25, holds: true });
    expect(compare(timings, [{ ...goal, ratio: 0.24 }])[0]!.holds).toBe(false);
  });

  it('compares memory where the goal is memory', () => {
    expect(compare(timings, [{ ...goal, measure: 'memory' }])[0]!.ratio).toBe(0.75);
  });

  it('says whether a goal holds, and nothing where there is none', () => {
    const { ratio: _, ...without } = goal;
    const text = (goals: Parameters<typeof compare>[1]) => rowText(compare(timings, goals)[0]!);
    expect(text([goal])).toBe('training, ours float32 by torch eager: 0.250; goal 0.250 holds');
    expect(text([{ ...goal, ratio: 0.1 }])).toBe(
      'training, ours float32 by torch eager: 0.250; goal 0.100 is not reached',
    );
    expect(text([without])).toBe('training, ours float32 by torch eager: 0.250');
  });

  it('adds up what a cycle costs: the pool rated and the subset searched, or the pool searched', () => {
    const shards = (ms: number) => [{ name: 'ours float32', ms: [ms], peakBytes: 0 }];
    const [row] = acquisition(shards(4 * 10), shards(4 * 100));
    expect(row).toMatchObject({ ours: { value: 2775 * 10 + 400 * 100 }, peer: { value: 2775 * 100 }, holds: true });
    expect(acquisition(shards(400), shards(400))[0]!.holds).toBe(false);
  });
});
