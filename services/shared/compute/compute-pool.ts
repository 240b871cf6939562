// Several compute processes as one: each piece of work goes to one that is free, or waits for the first that becomes so.
import type { Compute } from './compute.ts';

export function computePool(members: readonly Compute[]): Compute {
  const free = [...members];
  const waiting: ((member: Compute) => void)[] = [];
  const take = (): Promise<Compute> => {
    const member = free.shift();
    return member ? Promise.resolve(member) : new Promise((resolve) => waiting.push(resolve));
  };
  const giveBack = (member: Compute) => {
    const next = waiting.shift();
    if (next) next(member);
    // The one that worked last comes first again: its program is loaded.
    else free.unshift(member);
  };

  return {
    async run(module, spec, options) {
      const member = await take();
      try {
        return await member.run(module, spec, options);
      } finally {
        giveBack(member);
      }
    },
    async close() {
      await Promise.all(members.map((member) => member.close()));
    },
  };
}
