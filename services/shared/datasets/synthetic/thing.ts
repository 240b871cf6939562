// What stands in a street, before it is painted.
import type { Random } from './random.ts';

/** A spot on the ground: metres to the right of the camera, and ahead. */
export interface Place {
  readonly x: number;
  readonly z: number;
}

/** Something upright; what is nearer is painted first. */
export interface Thing extends Place {
  readonly shadow?: { readonly halfWidthM: number; readonly halfLengthM: number };
  paint(): void;
}

/** How many, by weight. */
export type Counts = readonly (readonly [count: number, weight: number])[];

/** Nothing comes nearer than this: it would fill the picture. */
const NEAREST_M = 4.5;

/** Things are many nearby in the picture, few in the world: depths are uniform in the logarithm. */
export const depth = (random: Random, from = NEAREST_M, to = 60) =>
  from * Math.exp(random.between(0, Math.log(to / from)));
