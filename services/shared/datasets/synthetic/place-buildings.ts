// Where buildings stand: in closed rows along a city street, apart and behind hedges in a suburb.
import { type Building, paintBuilding } from './building.ts';
import type { Canvas } from './canvas.ts';
import type { Random } from './random.ts';
import { FAR_M, type Street } from './street.ts';
import type { Thing } from './thing.ts';
import { paintHedge } from './tree.ts';

export function* placeBuildings(canvas: Canvas, street: Street, random: Random): Generator<Thing> {
  if (street.kind === 'highway') return;
  const block = street.kind === 'city';
  const openM = block ? 0 : random.between(3, 8);
  const gapChance = block ? 0.18 : 1;
  for (const side of [-1, 1] as const) {
    for (let z = random.between(-14, 1); z < FAR_M; ) {
      const lengthM = block ? random.between(9, 22) : random.between(8, 13);
      const x = street.middle(z + lengthM / 2) + side * (street.halfWidthM + street.pavementM + openM);
      const building: Building = {
        x,
        nearZ: Math.max(1, z),
        farZ: z + lengthM,
        side,
        style: block ? 'block' : 'house',
      };
      if (z + lengthM > 1.5 && x * side > 0.5)
        yield { x, z: z + lengthM, paint: () => paintBuilding(canvas, building, random) };
      z += lengthM + (random.chance(gapChance) ? random.between(3, 9) : 0);
      if (block || random.chance(0.4)) continue;
      const hedge = { x: x - side * (openM - 0.6), nearZ: Math.max(1, z - lengthM), farZ: z };
      if (hedge.farZ > 1.5 && hedge.x * side > 0.5)
        yield { x, z: z - lengthM - 0.1, paint: () => paintHedge(canvas, hedge, random) };
    }
  }
}
