// The test that each of the seed files is: all seeds of a range, the first broken one with its trace.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSimulator, type Simulator } from './simulate-seed.ts';

const LIMIT_MS = 1_200_000;
/** The end of a trace tells most. */
const TRACE_LINES = 120;

/** @param end the seed after the last one */
export function playSeeds(first: number, end: number): void {
  let simulator: Simulator;
  beforeAll(async () => {
    simulator = await openSimulator();
  });
  afterAll(() => simulator.close());

  it(
    `keeps every promise in the seeds ${first} to ${end - 1}`,
    async () => {
      for (let seed = first; seed < end; seed++) {
        const { broken, trace } = await simulator.run(seed);
        const story = `seed ${seed}, again by: npm run simulate -- ${seed}\n${trace.slice(-TRACE_LINES).join('\n')}`;
        expect(broken, story).toBeUndefined();
      }
    },
    LIMIT_MS,
  );
}
