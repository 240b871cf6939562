// What stands along the kerb: lamp posts, trees, signs, traffic lights; gantries over a highway.
import type { Canvas } from './canvas.ts';
import { paintGantry, paintLampPost, paintSign, paintTrafficLight } from './pole.ts';
import type { Random } from './random.ts';
import type { Street, StreetKind } from './street.ts';
import { type Counts, depth, type Thing } from './thing.ts';
import { paintTree } from './tree.ts';

/** Signs on either side. */
const SIGNS: Record<StreetKind, Counts> = {
  city: [
    [0, 3],
    [1, 4],
    [2, 3],
  ],
  suburb: [
    [0, 6],
    [1, 4],
  ],
  highway: [
    [0, 7],
    [1, 3],
  ],
};

export function* placeRoadside(canvas: Canvas, street: Street, random: Random): Generator<Thing> {
  const { kind, halfWidthM, pavementM } = street;
  const beside = (z: number, side: number, beyondM: number) => street.middle(z) + side * (halfWidthM + beyondM);
  const lit = { city: 0.9, suburb: 0.7, highway: 0.45 }[kind];
  const wooded = {
    city: random.chance(0.45) ? random.between(0.2, 0.9) : 0,
    suburb: random.between(0.3, 1),
    highway: random.between(0.1, 1),
  }[kind];
  for (const side of [-1, 1]) {
    const spacingM = random.between(16, 30);
    if (random.chance(lit)) {
      for (let z = random.between(5, 5 + spacingM); z < 90; z += spacingM) {
        const x = beside(z, side, 0.45);
        yield { x, z, paint: () => paintLampPost(canvas, { x, z }, random) };
      }
    }
    for (let z = random.between(6, 12); z < 110; z += random.between(6, 12)) {
      if (!random.chance(wooded)) continue;
      const x = beside(
        z,
        side,
        { city: 0.9, suburb: pavementM + random.between(0.6, 3.5), highway: random.between(3, 14) }[kind],
      );
      yield { x, z, shadow: { halfWidthM: 2.2, halfLengthM: 1.6 }, paint: () => paintTree(canvas, { x, z }, random) };
    }
    const signs = random.weighted(SIGNS[kind]);
    for (let i = 0; i < signs; i++) {
      const z = depth(random, 6, 28);
      const x = beside(z, side, random.between(0.3, 0.8));
      yield { x, z, paint: () => paintSign(canvas, { x, z }, random) };
    }
    if (kind === 'city' && random.chance(0.22)) {
      const z = random.between(8, 30);
      const x = beside(z, side, 0.35);
      yield { x, z, paint: () => paintTrafficLight(canvas, { x, z }, random) };
    }
  }
  if (kind !== 'highway' || !random.chance(0.4)) return;
  const z = random.between(18, 60);
  const x = street.middle(z);
  yield { x, z, paint: () => paintGantry(canvas, { x, z }, halfWidthM + 0.8, random) };
}
