import { describe, expect, it } from 'vitest';
import { atLeast, atMost, type Measure, measureText, quantile, shown } from './measure.ts';
import { SCALE } from './scale.ts';

async function measured(name: string): Promise<Measure[]> {
  const measures: Measure[] = [];
  for await (const measure of SCALE[name]!({ images: 300, share: 0.01 })) measures.push(measure);
  return measures;
}

describe('the benchmarks of scale', () => {
  it.each([
    [
      'pool',
      [
        'import of 300 images by a stream',
        'state of a campaign, median',
        'top K of 300 regions picked, its step entered',
      ],
    ],
    ['rpc', ['unary without a query, p99', 'stream of 300 pool items']],
    ['centres', ['k-centre, 320 x 128, a further pick', 'k-centre, 64 x 576, peak of the process']],
    ['workers', ['completion, p99', 'efficiency, workers: 8']],
  ])('run whole at a tiny size: %s', async (name, expected) => {
    const measures = await measured(name);
    expect(measures.map((measure) => measure.name)).toEqual(expect.arrayContaining(expected));
    for (const { value } of measures) expect(value).toBeGreaterThanOrEqual(0);
  });
});

describe('a measure', () => {
  it('holds where its value is within the goal', () => {
    expect([atMost('a', 1, 's', 1).holds, atMost('a', 1.1, 's', 1).holds]).toEqual([true, false]);
    expect([atLeast('a', 0.9, '', 0.9).holds, atLeast('a', 0.8, '', 0.9).holds]).toEqual([true, false]);
    expect(shown('a', 1, 's').holds).toBeNull();
  });

  it('says so in a line', () => {
    expect(measureText(atMost('import', 12.34, 's', 600))).toBe('import: 12.3 s; goal 600 holds');
    expect(measureText(atLeast('efficiency', 0.5, '', 0.9))).toBe('efficiency: 0.500; goal 0.9 is not reached');
  });

  it('takes quantiles from what was measured', () => {
    const values = [5, 1, 4, 2, 3];
    expect([quantile(values, 0.5), quantile(values, 0.99), quantile(values, 0)]).toEqual([3, 5, 1]);
  });
});
