// Buildings: a facade along the street and an end wall that faces the camera.
import { type Canvas, paintAlong, paintFacing } from './canvas.ts';
import { BUILDING } from './classes.ts';
import { blend, type Rgb, rgb, scale } from './color.ts';
import { shining } from './light.ts';
import { cellNoise, phase, smoothNoise } from './noise.ts';
import type { Random } from './random.ts';

export interface Building {
  /** Of the facade; the building lies beyond, away from the street's middle. */
  readonly x: number;
  readonly nearZ: number;
  readonly farZ: number;
  readonly side: 1 | -1;
  readonly style: 'block' | 'house';
}

const PLASTER = ['#c9b89a', '#b8a48c', '#9d9388', '#d6cdb9', '#a8897a', '#8c8a88', '#7c7f86', '#c4a58a'].map(rgb);
const BRICK = ['#8a5140', '#7a4a3b', '#9c6650', '#6e4a41'].map(rgb);
const GLASS = ['#3d4c5c', '#566a7c', '#2c343d', '#7f93a3'].map(rgb);
const ROOF = ['#5c4038', '#6f4a3d', '#4b4a4c', '#7d5a48'].map(rgb);
const LIT = ['#e8c987', '#d9b070', '#efe0b4'].map(rgb);

export function paintBuilding(canvas: Canvas, { x, nearZ, farZ, side, style }: Building, random: Random): void {
  const block = style === 'block';
  const eavesM = block ? random.between(2, 7) * 3.1 : random.between(2.7, 5.4);
  const roofM = block ? 0 : random.between(1.6, 2.6);
  const depthM = block ? random.between(10, 16) : random.between(7, 10);
  const wall = facadeShade(canvas, eavesM, random);
  const roof = random.pick(ROOF);
  const { sideContrast } = canvas.light;
  const alongLight = 1 + side * sideContrast;
  const facingLight = 1 - Math.abs(sideContrast) * 0.5;
  paintAlong(canvas, { x, nearZ, farZ, heightM: eavesM + roofM }, BUILDING, (along, up) =>
    up > eavesM ? scale(roof, phase(up, 0.4) < 0.08 ? 0.85 : 1) : scale(wall(along + nearZ, up), alongLight),
  );
  const end = { x: x + (side * depthM) / 2, z: nearZ, widthM: depthM, heightM: eavesM + roofM };
  paintFacing(canvas, end, BUILDING, (across, up) => {
    if (up > eavesM + roofM * (1 - (2 * Math.abs(across)) / depthM)) return undefined;
    return scale(wall(across + depthM, up), facingLight);
  });
}

/** Storeys of windows in a wall, shops below in some. */
function facadeShade({ light }: Canvas, eavesM: number, random: Random): (along: number, up: number) => Rgb {
  const seed = random.below(2 ** 31);
  const wall = random.pick(random.chance(0.3) ? BRICK : PLASTER);
  const glass = random.pick(GLASS);
  const frame = scale(wall, random.between(0.75, 1.2));
  const pitchM = random.between(1.8, 3.6);
  const storeyM = 3.1;
  const [openWide, openHigh] = [random.between(0.35, 0.7), random.between(0.4, 0.62)];
  const shop =
    eavesM > 8 && random.chance(0.5)
      ? random.pick([rgb('#7a2f2f'), rgb('#2f4a6b'), rgb('#38553f'), rgb('#a08a4a')])
      : undefined;
  const lamp = random.pick(LIT);
  const litShare = light.kind === 'night' ? 0.35 : light.kind === 'dusk' ? 0.2 : 0;

  return (along, up) => {
    const stain =
      0.86 + 0.18 * smoothNoise(along * 0.6, up * 0.4, seed) + 0.08 * smoothNoise(along * 5, up * 5, seed + 1);
    if (up > eavesM - 0.35) return scale(frame, 0.9);
    if (shop !== undefined && up < storeyM) {
      if (up > 2.6) return scale(shop, stain);
      const pane = phase(along, 2.6) > 0.3 && up > 0.5;
      if (!pane) return scale(shop, 0.6 * stain);
      return litShare > 0
        ? shining(scale(lamp, 0.8), light)
        : scale(glass, 0.8 + 0.5 * smoothNoise(along, up, seed + 2));
    }
    const column = Math.floor(along / pitchM);
    const storey = Math.floor(up / storeyM);
    const u = Math.abs(along / pitchM - column - 0.5) * 2;
    const v = Math.abs(up / storeyM - storey - 0.5) * 2;
    if (u > openWide || v > openHigh)
      return u < openWide + 0.1 && v < openHigh + 0.1 ? scale(frame, stain) : scale(wall, stain);
    const room = cellNoise(column, storey, seed + 3);
    if (room < litShare) return shining(scale(lamp, 0.6 + room), light);
    const curtain = room > 0.8 && v > 0.1 ? rgb('#b5aea2') : glass;
    return blend(scale(curtain, 0.7 + 0.6 * room), light.skyBottom, 0.15);
  };
}
