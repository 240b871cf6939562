// The order in which a training goes through a pool: epoch after epoch, each a seeded permutation of it, so that an image is drawn
// again only when every other one was (published code of VAAL draws some of them with replacement).
import { seededRandom, shuffle } from '../shared/random.ts';

/** @returns from a place in the order, from 0, the index of the image that is drawn there */
export function epochOrder(seed: number, pool: string, count: number): (place: number) => number {
  const indices = Array.from({ length: count }, (_, index) => index);
  let latest = { epoch: -1, order: indices };
  return (place) => {
    const epoch = Math.floor(place / count);
    if (epoch !== latest.epoch) latest = { epoch, order: shuffle(indices, seededRandom('epoch', seed, pool, epoch)) };
    return latest.order[place % count]!;
  };
}
