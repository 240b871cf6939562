// Where people are: mostly on the pavements, some crossing, riders at the edge of the carriageway.
import type { Canvas } from './canvas.ts';
import { paintBicyclist, paintPedestrian } from './person.ts';
import type { Random } from './random.ts';
import type { Street, StreetKind } from './street.ts';
import { type Counts, depth, type Thing } from './thing.ts';

const WALKERS: Record<StreetKind, Counts> = {
  city: [
    [0, 2],
    [1, 3],
    [3, 3],
    [6, 3],
  ],
  suburb: [
    [0, 5],
    [1, 3],
    [2, 2],
  ],
  highway: [[0, 1]],
};

const RIDERS: Record<StreetKind, Counts> = {
  city: [
    [0, 5],
    [1, 4],
    [2, 2],
  ],
  suburb: [
    [0, 7],
    [1, 3],
  ],
  highway: [[0, 1]],
};

export function* placePeople(canvas: Canvas, street: Street, random: Random): Generator<Thing> {
  const { kind, halfWidthM, pavementM } = street;
  if (kind === 'highway') return;
  const shadow = { halfWidthM: 0.45, halfLengthM: 0.4 };
  const quiet = canvas.light.kind === 'night' ? 0.5 : 1;
  const walkers = random.weighted(WALKERS[kind]);
  for (let i = 0; i < walkers * quiet; i++) {
    const z = depth(random, 5.5, 28);
    const crossing = random.chance(0.12);
    const side = random.chance(0.5) ? 1 : -1;
    const d = crossing
      ? random.between(-1, 1) * halfWidthM
      : side * (halfWidthM + random.between(0.5, Math.max(0.6, pavementM - 0.4)));
    const company = random.chance(0.3) ? 2 : 1;
    for (let k = 0; k < company; k++) {
      const x = street.middle(z) + d + k * 0.6;
      yield { x, z: z + k * 0.2, shadow, paint: () => paintPedestrian(canvas, { x, z: z + k * 0.2 }, random) };
    }
  }
  const riders = random.weighted(RIDERS[kind]);
  for (let i = 0; i < riders * quiet; i++) {
    const z = depth(random, 5.5, 22);
    const x = street.middle(z) + (random.chance(0.7) ? 1 : -1) * (halfWidthM - random.between(0.6, 2.4));
    yield {
      x,
      z,
      shadow: { halfWidthM: 0.6, halfLengthM: 0.7 },
      paint: () => paintBicyclist(canvas, { x, z }, random),
    };
  }
}
