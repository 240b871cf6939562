// Cars, vans and buses as boxes: the side along the street and the end that faces the camera.
import { type Canvas, paintAlong, paintFacing } from './canvas.ts';
import { CAR } from './classes.ts';
import { blend, type Rgb, rgb, scale } from './color.ts';
import { type Light, shining } from './light.ts';
import type { Random } from './random.ts';

const PAINTS: readonly (readonly [Rgb, number])[] = [
  [rgb('#2b2d30'), 4],
  [rgb('#8f9497'), 4],
  [rgb('#d5d6d4'), 4],
  [rgb('#5a6068'), 3],
  [rgb('#7c2b2a'), 1.5],
  [rgb('#2e466e'), 1.5],
  [rgb('#3f5a45'), 0.7],
  [rgb('#b8a27c'), 0.7],
  [rgb('#b99a3a'), 0.4],
];
const TYRE = rgb('#17181a');
const PLATE = rgb('#cfcfc4');

interface Body {
  readonly lengthM: number;
  readonly widthM: number;
  readonly heightM: number;
  /** Where the windows begin. */
  readonly beltM: number;
  /** How much the roof is shorter than the body at either end, as shares of the length. */
  readonly slopeFront: number;
  readonly slopeBack: number;
}

export interface Car {
  readonly x: number;
  /** Of the nearest end. */
  readonly z: number;
  /** Whether the camera sees its tail. */
  readonly away: boolean;
}

export function carBody(random: Random): Body {
  const kind = random.weighted([
    ['car', 76],
    ['van', 16],
    ['bus', 8],
  ] as const);
  if (kind === 'bus') return { lengthM: 10, widthM: 2.5, heightM: 3, beltM: 1.2, slopeFront: 0.01, slopeBack: 0.01 };
  if (kind === 'van')
    return { lengthM: 5, widthM: 1.95, heightM: 2.05, beltM: 1.15, slopeFront: 0.16, slopeBack: 0.02 };
  return {
    lengthM: random.between(3.7, 4.7),
    widthM: random.between(1.65, 1.85),
    heightM: random.between(1.38, 1.6),
    beltM: 0.88,
    slopeFront: random.between(0.2, 0.3),
    slopeBack: random.between(0.04, 0.2),
  };
}

export function paintCar(canvas: Canvas, { x, z, away }: Car, body: Body, random: Random): void {
  const paint = random.weighted(PAINTS);
  const glass = blend(rgb('#20262b'), canvas.light.skyBottom, 0.18);
  const side = x > 0 ? -1 : 1;
  const end = endShade(body, { paint, glass, away }, canvas.light);
  const { widthM, heightM, beltM, lengthM, slopeFront, slopeBack } = body;
  paintFacing(canvas, { x, z, widthM, heightM: beltM }, CAR, end);
  // The window stands back behind the bonnet or the boot, whose top is seen below it.
  const setback = away ? slopeBack / 2 : slopeFront < 0.05 ? 0 : 0.18 + slopeFront / 2;
  paintFacing(canvas, { x, z: z + setback * lengthM, widthM, heightM }, CAR, (across, up) =>
    up < beltM ? (up > 0.3 ? paint : undefined) : end(across, up),
  );
  const profile = profileShade(body, paint, glass);
  // Its nose is the far end where it drives away.
  const along = { x: x + (side * body.widthM) / 2, nearZ: z, farZ: z + body.lengthM, heightM: body.heightM };
  const lit = 1 - side * canvas.light.sideContrast;
  paintAlong(canvas, along, CAR, (fromNear, up) => {
    const color = profile(away ? 1 - fromNear / body.lengthM : fromNear / body.lengthM, up);
    return color && scale(color, lit);
  });
}

/** A car that crosses the street, from the side. */
export function paintCrossingCar(canvas: Canvas, { x, z }: { x: number; z: number }, body: Body, random: Random): void {
  const paint = random.weighted(PAINTS);
  const profile = profileShade(body, paint, blend(rgb('#20262b'), canvas.light.skyBottom, 0.18));
  const left = random.chance(0.5);
  const { lengthM, heightM } = body;
  paintFacing(canvas, { x, z, widthM: lengthM, heightM }, CAR, (across, up) => {
    const share = across / lengthM + 0.5;
    return profile(left ? share : 1 - share, up);
  });
}

/** From the side: share 0 at the nose, 1 at the tail. */
function profileShade(body: Body, paint: Rgb, glass: Rgb) {
  const { lengthM, heightM, beltM, slopeFront, slopeBack } = body;
  return (share: number, up: number): Rgb | undefined => {
    for (const wheel of [0.19, 0.8]) {
      const distance = Math.hypot((share - wheel) * lengthM, up - 0.32);
      if (distance < 0.33) return distance < 0.16 ? rgb('#77797b') : TYRE;
    }
    if (up < 0.24) return undefined;
    if (up < beltM) return scale(paint, (0.72 + 0.32 * (up / beltM)) * (up < 0.38 ? 0.6 : 1));
    const rise = (up - beltM) / (heightM - beltM);
    // The bonnet ends where the windscreen rises.
    const nose = slopeFront < 0.05 ? slopeFront * rise : 0.18 + slopeFront * rise;
    const tail = 1 - slopeBack * rise;
    if (share < nose || share > tail) return undefined;
    const pillar = rise > 0.84 || share - nose < 0.03 || tail - share < 0.05 || Math.abs(share - 0.55) < 0.015;
    return pillar ? scale(paint, 1.05) : glass;
  };
}

/** From the front or the back. */
function endShade(body: Body, look: { paint: Rgb; glass: Rgb; away: boolean }, light: Light) {
  const { widthM, heightM, beltM } = body;
  const { paint, glass, away } = look;
  const dark = light.kind === 'night' || light.kind === 'dusk';
  const lamp = away ? rgb(dark ? '#e0301e' : '#8e2420') : rgb(dark ? '#fff3cf' : '#d9dbd6');
  const lampColor = dark ? shining(lamp, light) : lamp;
  return (across: number, up: number): Rgb | undefined => {
    const out = (2 * Math.abs(across)) / widthM;
    if (up < 0.26) return out > 0.7 && out < 0.96 ? TYRE : undefined;
    if (up < beltM) {
      if (up > 0.55 && up < 0.78 && out > 0.66) return lampColor;
      if (away && up > 0.42 && up < 0.56 && out < 0.26) return PLATE;
      return scale(paint, up < 0.4 ? 0.55 : 0.82);
    }
    const rise = (up - beltM) / (heightM - beltM);
    const edge = heightM > 1.9 ? 1 - 0.02 * rise : 1 - 0.14 * rise;
    if (out > edge) return undefined;
    return rise > 0.82 || rise < 0.08 || out > edge - 0.1 ? scale(paint, 0.95) : glass;
  };
}
