import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFECTS } from './defects.ts';
import { openSimulator, type Simulator } from './simulate-seed.ts';

const MOST_SEEDS = 100;
let simulator: Simulator;

beforeAll(async () => {
  simulator = await openSimulator();
});
afterAll(() => simulator.close());

describe('the checker notices', () => {
  it.each(DEFECTS)('$name', async ({ defect, noticed }) => {
    for (let seed = 0; seed < MOST_SEEDS; seed++) {
      const { broken } = await simulator.run(seed, defect);
      if (broken === undefined) continue;
      expect(broken).toMatch(noticed);
      return;
    }
    expect.fail(`none of ${MOST_SEEDS} seeds breaks a promise`);
  });
});

describe('a seed', () => {
  it('plays the same again', async () => {
    const first = await simulator.run(7);
    const second = await simulator.run(7);
    expect(second.trace).toEqual(first.trace);
    expect(first.trace.length).toBeGreaterThan(100);
  });
});
