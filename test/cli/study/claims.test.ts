import { describe, expect, it } from 'vitest';
import { isAhead, losesLess, reachesShareOfFull, savesTime } from '../../../services/cli/study/claims.ts';
import { armResults, figureResults } from '../support/study-fixture.ts';

const ofLast = (mious: readonly number[]) => mious.map((miou) => [0.4, miou]);

describe('a claim that an arm is ahead', () => {
  const claim = isAhead('cpral is above random', { name: 'cpral' }, [{ name: 'random' }]);
  const judge = (cpral: number[], random: number[]) =>
    claim.judge(figureResults([armResults('cpral', ofLast(cpral)), armResults('random', ofLast(random))]));

  it('holds where the whole interval of the paired difference lies above zero', () => {
    // The arms' own spread is ten times the difference; the seeds share it.
    const { verdict, found } = judge([0.52, 0.421, 0.62], [0.5, 0.4, 0.6]);
    expect(verdict).toBe('holds');
    expect(found).toBe('+2.0 ± 0.1 against random');
  });

  it('does not hold where the whole interval lies below zero', () => {
    expect(judge([0.5, 0.4, 0.6], [0.52, 0.421, 0.62]).verdict).toBe('does not hold');
  });

  it('cannot be told where the interval holds zero, or there is one seed', () => {
    expect(judge([0.55, 0.4], [0.5, 0.42]).verdict).toBe('unclear');
    expect(judge([0.9], [0.1])).toEqual({ verdict: 'unclear', found: '+80.0 (one seed) against random' });
  });

  it('of several others must hold against each', () => {
    const both = isAhead('above both', { name: 'cpral' }, [{ name: 'random' }, { name: 'entropy' }]);
    const arms = (entropy: number[]) =>
      figureResults([
        armResults('cpral', ofLast([0.52, 0.421, 0.62])),
        armResults('random', ofLast([0.5, 0.4, 0.6])),
        armResults('entropy', ofLast(entropy)),
      ]);
    expect(both.judge(arms([0.5, 0.4, 0.6])).verdict).toBe('holds');
    expect(both.judge(arms([0.5, 0.5, 0.5])).verdict).toBe('unclear');
    expect(both.judge(arms([0.6, 0.5, 0.7])).verdict).toBe('does not hold');
  });
});

describe('a claim of a share of all labels', () => {
  const claim = reachesShareOfFull('90 %', { name: 'cpral' }, 0.9);
  const judge = (mious: number[], full: number[]) =>
    claim.judge(figureResults([armResults('cpral', ofLast(mious))], { full }));

  it('holds or not by the interval of the share', () => {
    expect(judge([0.57, 0.571, 0.569], [0.6, 0.6, 0.6]).verdict).toBe('holds');
    expect(judge([0.5, 0.501, 0.499], [0.6, 0.6, 0.6]).verdict).toBe('does not hold');
    expect(judge([0.54, 0.541, 0.539], [0.6, 0.6, 0.6])).toEqual({
      verdict: 'unclear',
      found: 'cpral has 90.0 ± 0.4 % of the 0.600 of all labels',
    });
  });

  it('cannot be told without a training on all labels', () => {
    expect(judge([0.9, 0.9, 0.9], []).verdict).toBe('unclear');
  });
});

it('a claim of robustness compares what each loses from clean labels to noisy ones', () => {
  const claim = losesLess('cpral loses less', 'cpral', ['core-set'], ['clean', 'noisy']);
  const { verdict, found } = claim.judge(
    figureResults([
      armResults('cpral', ofLast([0.5, 0.6, 0.55]), 'clean'),
      armResults('cpral', ofLast([0.49, 0.59, 0.541]), 'noisy'),
      armResults('core-set', ofLast([0.6, 0.5, 0.55]), 'clean'),
      armResults('core-set', ofLast([0.56, 0.46, 0.511]), 'noisy'),
    ]),
  );
  expect(verdict).toBe('holds');
  expect(found).toBe('cpral loses 1.0, core-set 4.0 points');
});

it('a claim of time compares rating, search and extension', () => {
  // By the fixture an acquisition of CPRAL takes 14.2 + 18.9 + 6.4 seconds, one of random none.
  const results = figureResults([armResults('cpral', ofLast([0.5, 0.5])), armResults('random', ofLast([0.5, 0.5]))]);
  const { verdict, found } = savesTime('random saves time', { name: 'random' }, { name: 'cpral' }, 0.643).judge(
    results,
  );
  expect(verdict).toBe('holds');
  expect(found).toBe('0.0 s against 39.5 s an acquisition: 100.0 ± 0.0 % saved');
});
