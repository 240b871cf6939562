// The plan of a street and its ground: carriageway with marks, pavements, verges.
import { type Canvas, clearness, forSamples, put } from './canvas.ts';
import { PAVEMENT, ROAD, VEGETATION } from './classes.ts';
import { blend, type Rgb, rgb, scale } from './color.ts';
import { cellNoise, phase, smoothNoise } from './noise.ts';
import type { Random } from './random.ts';

export type StreetKind = 'city' | 'suburb' | 'highway';

export interface Street {
  readonly kind: StreetKind;
  readonly halfWidthM: number;
  /** 0: none. */
  readonly pavementM: number;
  readonly lanes: number;
  /** X of the carriageway's middle at a distance. */
  middle(z: number): number;
}

export function drawStreet(random: Random): Street {
  const kind = random.weighted<StreetKind>([
    ['city', 46],
    ['suburb', 30],
    ['highway', 24],
  ]);
  const lanes = { city: random.pick([2, 2, 2, 3, 4]), suburb: 2, highway: random.pick([3, 4, 5]) }[kind];
  const halfWidthM = (lanes * random.between(3, 3.5)) / 2 + (kind === 'highway' ? 1.2 : kind === 'city' ? 1.3 : 0.2);
  const pavementM = { city: random.between(2.6, 5), suburb: random.between(1.3, 2.4), highway: 0 }[kind];
  // Seen from the right-hand lane, and from the pavement's edge at times.
  const start = -halfWidthM * random.between(0.2, 0.75);
  const bend = kind === 'city' ? 0 : random.between(-0.0025, 0.0025);
  return { kind, halfWidthM, pavementM, lanes, middle: (z) => start + bend * z * z };
}

/** Z where things end: beyond it they are smaller than a sample. */
export const FAR_M = 150;

export function paintGround(canvas: Canvas, street: Street, random: Random): void {
  const { width, height, horizonY, focal, centerX, cameraHeightM, light, sunlight } = canvas;
  const shade = groundShade(street, random);
  forSamples(canvas, { left: 0, right: width, top: horizonY, bottom: height }, (column, row, at) => {
    const z = (focal * cameraHeightM) / (row - horizonY);
    const x = ((column - centerX) * z) / focal;
    const { color, classId } = shade(x, Math.min(z, 4 * FAR_M));
    const beam = light.kind === 'night' ? 1 + 1.7 * Math.exp(-((x / (1.5 + 0.15 * z)) ** 2) - z / 16) : 1;
    put(canvas, at, scale(color, beam * sunlight[at]!), classId, clearness(canvas, z));
  });
}

interface Ground {
  readonly color: Rgb;
  readonly classId: number;
}

function groundShade(street: Street, random: Random): (x: number, z: number) => Ground {
  const { halfWidthM, pavementM, lanes, kind } = street;
  const seed = random.below(2 ** 31);
  const asphalt = scale(
    random.pick([rgb('#6b6a6c'), rgb('#7d7a76'), rgb('#565658'), rgb('#85827f')]),
    random.between(0.8, 1.1),
  );
  const paving = scale(
    random.pick([rgb('#9a958d'), rgb('#8b8580'), rgb('#a59787'), rgb('#7f7d7c')]),
    random.between(0.85, 1.1),
  );
  const grass = random.pick([rgb('#5f7038'), rgb('#6f7a45'), rgb('#857f4e'), rgb('#4b6232')]);
  const paint = rgb(random.chance(0.85) ? '#d9d9d4' : '#c9b25a');
  const worn = random.between(0.35, 0.95);
  const crossingZ = kind === 'city' && random.chance(0.4) ? random.between(6, 22) : Number.POSITIVE_INFINITY;
  const patch = random.chance(0.35) ? random.between(0.75, 0.9) : 1;

  const roadColor = (d: number, x: number, z: number): Rgb => {
    const grain = 0.86 + 0.16 * smoothNoise(x * 1.3, z * 0.5, seed) + 0.12 * smoothNoise(x * 9, z * 5, seed + 1);
    const mended = smoothNoise(x * 0.4, z * 0.12, seed + 2) > 0.68 ? patch : 1;
    // Wheels polish two tracks in each lane.
    const lane = (2 * halfWidthM) / lanes;
    const track = 0.95 + 0.1 * Math.abs(2 * phase((2 * d) / lane, 1) - 1);
    const base = scale(asphalt, grain * mended * track);
    return isMarked(d, z) ? blend(base, paint, worn * (0.6 + 0.4 * smoothNoise(x * 4, z * 2, seed + 3))) : base;
  };
  const isMarked = (d: number, z: number): boolean => {
    if (z > crossingZ && z < crossingZ + 3) return Math.abs(d) < halfWidthM - 0.4 && phase(d, 1.1) < 0.55;
    if (kind !== 'suburb' && Math.abs(Math.abs(d) - (halfWidthM - 0.45)) < 0.09) return kind === 'highway';
    const lane = (2 * halfWidthM) / lanes;
    const fromLine = Math.abs(phase(d + halfWidthM + lane / 2, lane) - lane / 2);
    return (
      fromLine < 0.08 &&
      Math.abs(d) < halfWidthM - 1 &&
      (phase(z, 6) < 3 || (kind === 'city' && lanes === 4 && Math.abs(d) < 0.2))
    );
  };
  const pavingColor = (beyond: number, x: number, z: number): Rgb => {
    if (beyond < 0.2) return scale(paving, 1.12);
    const joint = phase(beyond, 0.9) < 0.05 || phase(z, 0.9) < 0.05 ? 0.85 : 1;
    const slab = 0.93 + 0.14 * cellNoise(Math.floor(beyond / 0.9), Math.floor(z / 0.9), seed + 4);
    return scale(paving, joint * slab * (0.88 + 0.24 * smoothNoise(x * 1.1, z * 0.6, seed + 5)));
  };
  return (x, z) => {
    const d = x - street.middle(z);
    const beyond = Math.abs(d) - halfWidthM;
    if (beyond < 0) return { color: roadColor(d, x, z), classId: ROAD };
    if (kind === 'city' || beyond < pavementM) return { color: pavingColor(beyond, x, z), classId: PAVEMENT };
    const tuft = 0.7 + 0.35 * smoothNoise(x * 1.5, z * 0.7, seed + 6) + 0.3 * smoothNoise(x * 8, z * 5, seed + 7);
    return { color: scale(grass, tuft), classId: VEGETATION };
  };
}

/** Takes light from the ground in an ellipse. */
export function paintShadow(
  canvas: Canvas,
  x: number,
  z: number,
  size: { halfWidthM: number; halfLengthM: number },
): void {
  const { focal, centerX, horizonY, cameraHeightM, sunlight, light } = canvas;
  const near = Math.max(1, z - size.halfLengthM);
  const box = {
    left: centerX + Math.min((focal * (x - size.halfWidthM)) / near, (focal * (x - size.halfWidthM)) / z),
    right: centerX + Math.max((focal * (x + size.halfWidthM)) / near, (focal * (x + size.halfWidthM)) / z),
    top: horizonY + (focal * cameraHeightM) / (z + size.halfLengthM),
    bottom: horizonY + (focal * cameraHeightM) / near,
  };
  forSamples(canvas, box, (column, row, at) => {
    const groundZ = (focal * cameraHeightM) / (row - horizonY);
    const u = (((column - centerX) * groundZ) / focal - x) / size.halfWidthM;
    const v = (groundZ - z) / size.halfLengthM;
    const inside = 1 - (u * u + v * v);
    if (inside <= 0) return;
    sunlight[at]! *= 1 - light.shadow * Math.min(1, inside * 3);
  });
}
