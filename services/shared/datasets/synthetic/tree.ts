// Trees and hedges.
import { type Canvas, paintAlong, paintFacing } from './canvas.ts';
import { VEGETATION } from './classes.ts';
import { type Rgb, rgb, scale } from './color.ts';
import { cellNoise, smoothNoise } from './noise.ts';
import type { Random } from './random.ts';

const LEAVES: readonly (readonly [Rgb, number])[] = [
  [rgb('#4f6b33'), 4],
  [rgb('#3f5a30'), 4],
  [rgb('#6b7a3a'), 3],
  [rgb('#8a7434'), 1.2],
  [rgb('#96552f'), 0.8],
  [rgb('#46564a'), 1.5],
];

export function paintTree(canvas: Canvas, { x, z }: { x: number; z: number }, random: Random): void {
  const leaves = random.weighted(LEAVES);
  const bark = scale(random.pick([rgb('#5b4a3b'), rgb('#6e655c'), rgb('#4a443f')]), random.between(0.8, 1.2));
  const trunkM = random.between(0.18, 0.42);
  const clearM = random.between(1.6, 3);
  const slender = random.chance(0.25);
  const [radiusM, heightM] = slender
    ? [random.between(0.8, 1.3), random.between(5, 9)]
    : [random.between(1.6, 3.2), random.between(4.5, 8.5)];
  const middleM = (clearM * 0.7 + heightM) / 2;
  const tallM = heightM - middleM;
  const seed = random.below(2 ** 31);
  const sun = Math.sign(canvas.light.sideContrast);
  paintFacing(canvas, { x, z, widthM: radiusM * 2.6, heightM: heightM + 0.8 }, VEGETATION, (across, up) => {
    const u = across / radiusM;
    const v = (up - middleM) / tallM;
    // Lumps of foliage break the outline, leaves fray it.
    const lumps =
      0.45 * (smoothNoise(across * 1.1, up * 1.1, seed) - 0.5) +
      0.3 * (smoothNoise(across * 4, up * 4, seed + 1) - 0.5);
    if (u * u + v * v < 1 + lumps * 1.6) {
      const grain =
        0.55 +
        0.5 * smoothNoise(across * 2.2, up * 2.2, seed + 2) +
        0.35 * cellNoise(Math.floor(across * 9), Math.floor(up * 9), seed);
      return scale(leaves, grain * (1 + 0.25 * v - 0.2 * u * sun));
    }
    const lean = Math.abs(across) < (trunkM / 2) * (1.25 - up / 8);
    return up < middleM && lean ? scale(bark, 0.8 + 0.4 * smoothNoise(across * 12, up * 3, seed + 3)) : undefined;
  });
}

export interface Hedge {
  readonly x: number;
  readonly nearZ: number;
  readonly farZ: number;
}

export function paintHedge(canvas: Canvas, { x, nearZ, farZ }: Hedge, random: Random): void {
  const leaves = random.weighted(LEAVES);
  const heightM = random.between(0.7, 1.7);
  const seed = random.below(2 ** 31);
  const shade = (along: number, up: number) => {
    if (up > heightM * (0.85 + 0.15 * smoothNoise(along * 1.5, 0, seed))) return undefined;
    return scale(leaves, (0.5 + 0.45 * (up / heightM)) * (0.7 + 0.6 * smoothNoise(along * 4, up * 5, seed + 1)));
  };
  paintAlong(canvas, { x, nearZ, farZ, heightM }, VEGETATION, shade);
  const side = Math.sign(x);
  paintFacing(canvas, { x: x + side * 0.5, z: nearZ, widthM: 1, heightM }, VEGETATION, shade);
}
