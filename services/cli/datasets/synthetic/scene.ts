// What stands where: a street with its light, and everything beside and upon it.
import { type Building, paintBuilding } from './building.ts';
import type { Canvas } from './canvas.ts';
import { carBody, paintCar, paintCrossingCar } from './car.ts';
import { paintBicyclist, paintPedestrian } from './person.ts';
import { paintGantry, paintLampPost, paintSign, paintTrafficLight } from './pole.ts';
import type { Random } from './random.ts';
import { paintSky, paintSkyline } from './sky.ts';
import { drawStreet, FAR_M, paintGround, paintShadow, type Street, type StreetKind } from './street.ts';
import { paintHedge, paintTree } from './tree.ts';

/** Something upright; what is nearer is painted first. */
interface Thing {
  readonly z: number;
  readonly x: number;
  readonly shadow?: { readonly halfWidthM: number; readonly halfLengthM: number };
  paint(): void;
}

/** How many, by weight. */
type Counts = readonly (readonly [count: number, weight: number])[];

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

/** Nothing comes nearer than this: it would fill the picture. */
const NEAREST_M = 4.5;

export function paintScene(canvas: Canvas, random: Random): void {
  const street = drawStreet(random);
  const walls = [...placeBuildings(canvas, street, random)];
  const things = [
    ...placeVehicles(canvas, street, random),
    ...placeFurniture(canvas, street, random),
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

/** Things are many nearby in the picture, few in the world: depths are uniform in the logarithm. */
const depth = (random: Random, from = NEAREST_M, to = 60) => from * Math.exp(random.between(0, Math.log(to / from)));

function* placeBuildings(canvas: Canvas, street: Street, random: Random): Generator<Thing> {
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

function* placeVehicles(canvas: Canvas, street: Street, random: Random): Generator<Thing> {
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

function* placeFurniture(canvas: Canvas, street: Street, random: Random): Generator<Thing> {
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
      const z = depth(random, 6, 34);
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

function* placePeople(canvas: Canvas, street: Street, random: Random): Generator<Thing> {
  const { kind, halfWidthM, pavementM } = street;
  if (kind === 'highway') return;
  const shadow = { halfWidthM: 0.45, halfLengthM: 0.4 };
  const quiet = canvas.light.kind === 'night' ? 0.5 : 1;
  const walkers = random.weighted(WALKERS[kind]);
  for (let i = 0; i < walkers * quiet; i++) {
    const z = depth(random, 5.5, 40);
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
    const z = depth(random, 6, 30);
    const x = street.middle(z) + (random.chance(0.7) ? 1 : -1) * (halfWidthM - random.between(0.6, 2.4));
    yield {
      x,
      z,
      shadow: { halfWidthM: 0.6, halfLengthM: 0.7 },
      paint: () => paintBicyclist(canvas, { x, z }, random),
    };
  }
}
