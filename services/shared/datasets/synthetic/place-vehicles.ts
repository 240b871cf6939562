// Where vehicles are: in their lanes, parked at the kerb, and across the street now and then.
import type { Canvas } from './canvas.ts';
import { carBody, paintCar, paintCrossingCar } from './car.ts';
import type { Random } from './random.ts';
import type { Street } from './street.ts';
import type { Thing } from './thing.ts';

export function* placeVehicles(canvas: Canvas, street: Street, random: Random): Generator<Thing> {
  const { kind, halfWidthM, lanes } = street;
  const laneM = (2 * halfWidthM) / lanes;
  const place = (offset: number, z: number, away: boolean): Thing => {
    const body = carBody(random);
    const x = street.middle(z) + offset;
    const shadow = { halfWidthM: body.widthM * 0.72, halfLengthM: body.lengthM * 0.62 };
    return { x, z, shadow, paint: () => paintCar(canvas, { x, z, away }, body, random) };
  };
  const busy = random.between(0.3, 1);
  for (let lane = 0; lane < lanes; lane++) {
    const offset = -halfWidthM + (lane + 0.5) * laneM;
    const away = lane >= lanes / 2 || (kind === 'highway' && lane >= 2);
    // The camera's own lane is free in front of it.
    const own = Math.abs(offset + street.middle(0)) < laneM / 2;
    const meanGapM = { city: 34, suburb: 60, highway: 24 }[kind] / busy;
    for (let z = random.between(own ? 9 : 4.5, own ? 40 : 30); z < 110; z += 11 + random.between(0, 2 * meanGapM)) {
      yield place(offset + random.between(-0.3, 0.3), z, away);
    }
  }
  if (kind === 'highway') return;
  const parked = kind === 'city' ? random.between(0, 0.85) : random.between(0, 0.35);
  for (const side of [-1, 1]) {
    if (kind === 'city' && random.chance(0.3)) continue;
    for (let z = random.between(3.5, 9); z < 90; z += random.between(5.4, 7.5)) {
      const offset = side * (halfWidthM - (kind === 'city' ? 1 : 0.7));
      if (random.chance(parked) && Math.abs(offset + street.middle(z)) > 1.6) yield place(offset, z, side > 0);
    }
  }
  if (!random.chance(kind === 'city' ? 0.12 : 0.04)) return;
  const body = carBody(random);
  const [x, z] = [street.middle(20) + random.between(-4, 4), random.between(14, 32)];
  yield {
    x,
    z,
    shadow: { halfWidthM: body.lengthM / 2, halfLengthM: 1.6 },
    paint: () => paintCrossingCar(canvas, { x, z }, body, random),
  };
}
