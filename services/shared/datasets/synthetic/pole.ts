// Lamp posts, traffic signs, traffic lights and gantries.
import { type Canvas, paintFacing } from './canvas.ts';
import { POLE, SIGN } from './classes.ts';
import { type Rgb, rgb, scale } from './color.ts';
import { shining } from './light.ts';
import type { Random } from './random.ts';
import type { Place } from './thing.ts';

const METAL = ['#7d8081', '#5a5d5e', '#8f8c86', '#3c4140', '#6b5c4c'].map(rgb);
const [RED, WHITE, BLUE, YELLOW, GREEN] = ['#b3262a', '#e2e2de', '#2856a0', '#d8b23a', '#2c6a4a'].map(rgb) as [
  Rgb,
  Rgb,
  Rgb,
  Rgb,
  Rgb,
];

function paintPost(canvas: Canvas, { x, z }: Place, size: { widthM: number; heightM: number }, metal: Rgb): void {
  paintFacing(canvas, { x, z, ...size }, POLE, (across) => scale(metal, 0.95 - (0.5 * across) / size.widthM));
}

/** A post whose arm reaches over the street. */
export function paintLampPost(canvas: Canvas, place: Place, random: Random): void {
  const metal = random.pick(METAL);
  const heightM = random.between(5, 8);
  const armM = random.chance(0.75) ? random.between(1, 2.2) * -Math.sign(place.x) : 0;
  const { light } = canvas;
  const glow = light.kind === 'night' || light.kind === 'dusk' ? shining(rgb('#ffe0a0'), light) : scale(metal, 1.3);
  paintPost(canvas, place, { widthM: random.between(0.22, 0.34), heightM }, metal);
  const span = { x: place.x + armM / 2, z: place.z, widthM: Math.abs(armM) + 0.5, heightM };
  paintFacing(canvas, span, POLE, (across, up) => {
    const toHead = armM === 0 ? 0 : across / armM + 0.5;
    if (up < heightM - 0.2 || toHead < 0) return undefined;
    return armM === 0 || toHead > 0.7 ? glow : metal;
  });
}

/** The face of a sign, by metres from its middle over its radius; undefined outside. */
type Face = (u: number, v: number) => Rgb | undefined;

const FACES: readonly (readonly [Face, number])[] = [
  [(u, v) => disc(u, v, RED, (w) => (w < 0.72 ? WHITE : RED)), 3],
  [(u, v) => disc(u, v, BLUE, (w) => (w < 0.3 ? WHITE : BLUE)), 2],
  [(u, v) => disc(u, v, RED, () => (Math.abs(v) < 0.2 ? WHITE : RED)), 1],
  [
    (u, v) =>
      v > -0.8 && Math.abs(u) * 1.7 < 0.95 - v ? (Math.abs(u) * 1.7 < 0.45 - v && v > -0.5 ? WHITE : RED) : undefined,
    3,
  ],
  [
    (u, v) =>
      Math.abs(u) < 0.85 && Math.abs(v) < 0.85 ? (Math.abs(u) < 0.4 && v < 0.5 && v > -0.6 ? WHITE : BLUE) : undefined,
    2,
  ],
  [(u, v) => (Math.abs(u) + Math.abs(v) < 1 ? (Math.abs(u) + Math.abs(v) < 0.7 ? YELLOW : WHITE) : undefined), 2],
];

function disc(u: number, v: number, rim: Rgb, inside: (radius: number) => Rgb): Rgb | undefined {
  const radius = Math.hypot(u, v);
  return radius > 1 ? undefined : radius > 0.9 ? rim : inside(radius);
}

export function paintSign(canvas: Canvas, place: Place, random: Random): void {
  const radiusM = random.between(0.42, 0.66);
  const middleM = random.between(2.1, 2.9);
  const face = random.weighted(FACES);
  const faded = random.between(0.75, 1.05);
  const back = random.chance(0.15) ? rgb('#8b8d8e') : undefined;
  paintFacing(canvas, { ...place, widthM: radiusM * 2, heightM: middleM + radiusM }, SIGN, (across, up) => {
    const color = face(across / radiusM, (up - middleM) / radiusM);
    return color && scale(back ?? color, faded);
  });
  paintPost(canvas, place, { widthM: random.between(0.11, 0.17), heightM: middleM }, random.pick(METAL));
}

export function paintTrafficLight(canvas: Canvas, place: Place, random: Random): void {
  const heightM = random.between(2.6, 3.6);
  const on = random.below(3);
  const lamps = [rgb('#3fd08a'), rgb('#f0b23a'), rgb('#f04a3a')] as const;
  paintFacing(canvas, { ...place, widthM: 0.46, heightM: heightM + 0.2 }, SIGN, (across, up) => {
    const v = (up - (heightM - 1)) / 1.2;
    if (v < 0) return undefined;
    const lamp = Math.floor(v * 3);
    const lit = Math.hypot(across, (v * 3 - lamp - 0.5) * 0.4) < 0.14;
    return !lit ? rgb('#1d1f1e') : lamp === on ? shining(lamps[lamp as 0 | 1 | 2], canvas.light) : rgb('#3a3c3a');
  });
  paintPost(canvas, place, { widthM: 0.15, heightM }, random.pick(METAL));
}

/** Direction boards over a highway. */
export function paintGantry(canvas: Canvas, { x, z }: Place, halfWidthM: number, random: Random): void {
  const metal = random.pick(METAL);
  const board = random.pick([BLUE, GREEN]);
  for (const middle of random.pick([[-0.4, 0.4], [0.35], [-0.45, 0, 0.45]])) {
    const place = { x: x + middle * halfWidthM, z };
    paintFacing(canvas, { ...place, widthM: halfWidthM * 0.6, heightM: 6.9 }, SIGN, (across, up) => {
      if (up < 5) return undefined;
      const text = Math.abs(up - 6.3) < 0.14 || Math.abs(up - 5.7) < 0.14;
      return text && Math.abs(across) < halfWidthM * 0.2 ? WHITE : board;
    });
  }
  for (const side of [-1, 1]) paintPost(canvas, { x: x + side * halfWidthM, z }, { widthM: 0.35, heightM: 6.4 }, metal);
  paintFacing(canvas, { x, z, widthM: 2 * halfWidthM, heightM: 6.4 }, POLE, (_, up) => (up > 6.05 ? metal : undefined));
}
