// Seeded chance in the words of a planner.
import { type RandomPart, seededRandom } from '../../random.ts';

export interface Random {
  /** Uniform in [from, to). */
  between(from: number, to: number): number;
  /** Uniform in 0..count-1. */
  below(count: number): number;
  chance(probability: number): boolean;
  pick<Item>(items: readonly Item[]): Item;
  /** An item by weight. */
  weighted<Item>(items: readonly (readonly [item: Item, weight: number])[]): Item;
}

/** A stream named by its parts: equal parts give equal streams. */
export function randomOf(...parts: RandomPart[]): Random {
  const next = seededRandom(...parts);
  const below = (count: number) => Math.floor(next() * count);
  return {
    between: (from, to) => from + (to - from) * next(),
    below,
    chance: (probability) => next() < probability,
    pick: (items) => items[below(items.length)]!,
    weighted(items) {
      let left = next() * items.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [item, weight] of items) {
        left -= weight;
        if (left < 0) return item;
      }
      return items.at(-1)![0];
    },
  };
}
