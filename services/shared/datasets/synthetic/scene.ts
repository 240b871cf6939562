// A street with its light, and everything beside and upon it, from near to far.
import type { Canvas } from './canvas.ts';
import { placeBuildings } from './place-buildings.ts';
import { placePeople } from './place-people.ts';
import { placeRoadside } from './place-roadside.ts';
import { placeVehicles } from './place-vehicles.ts';
import type { Random } from './random.ts';
import { paintSky, paintSkyline } from './sky.ts';
import { drawStreet, paintGround, paintShadow } from './street.ts';

export function paintScene(canvas: Canvas, random: Random): void {
  const street = drawStreet(random);
  const walls = [...placeBuildings(canvas, street, random)];
  const things = [
    ...placeVehicles(canvas, street, random),
    ...placeRoadside(canvas, street, random),
    ...placePeople(canvas, street, random),
  ];
  // What is upon the street and its pavements always stands before the walls beside them.
  for (const layer of [things, walls]) for (const thing of layer.sort((a, b) => a.z - b.z)) thing.paint();
  for (const { x, z, shadow } of things) {
    if (shadow !== undefined) paintShadow(canvas, x, z + shadow.halfLengthM * 0.6, shadow);
  }
  paintGround(canvas, street, random);
  if (street.kind !== 'city') paintSkyline(canvas, random, 'trees');
  if (street.kind === 'city' || random.chance(0.25)) paintSkyline(canvas, random, 'roofs');
  paintSky(canvas, random);
}
