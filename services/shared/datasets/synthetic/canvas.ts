// A picture under way: colours and classes at points half a pixel apart, seen by a pinhole camera.
//   column = centerX + focal X / Z,   row = horizonY - focal (Y - cameraHeight) / Z
// X metres to the right, Y up from the ground, Z ahead; focal, centerX and horizonY in samples. What is nearer is painted first,
// and a sample that is taken stays as it is, so that nothing hidden is ever computed.
import type { Rgb } from './color.ts';
import type { Light } from './light.ts';

export interface Canvas {
  /** In samples: twice the pixels and one, so that pixels have a sample at the centre and share those at their edges. */
  readonly height: number;
  /** In samples, likewise. */
  readonly width: number;
  /** H*W*3. */
  readonly colors: Float32Array;
  /** H*W. */
  readonly classes: Uint8Array;
  /** H*W: 1 where something is painted. */
  readonly taken: Uint8Array;
  /** H*W: share of the light that reaches the ground. */
  readonly sunlight: Float32Array;
  readonly focal: number;
  readonly centerX: number;
  readonly horizonY: number;
  readonly cameraHeightM: number;
  readonly light: Light;
}

/** The colour of a point of a surface, in metres on it; undefined where the surface has a hole. */
export type Shade = (acrossM: number, upM: number) => Rgb | undefined;

/** A wall that faces the camera. */
export interface Facing {
  readonly x: number;
  readonly z: number;
  readonly widthM: number;
  readonly heightM: number;
}

/** Paints what faces the camera; shade gets metres from its middle and metres above the ground. */
export function paintFacing(canvas: Canvas, { x, z, widthM, heightM }: Facing, classId: number, shade: Shade): void {
  const { focal, centerX, horizonY, cameraHeightM } = canvas;
  const clear = clearness(canvas, z);
  const left = centerX + (focal * (x - widthM / 2)) / z;
  const right = centerX + (focal * (x + widthM / 2)) / z;
  const top = horizonY - (focal * (heightM - cameraHeightM)) / z;
  const bottom = horizonY + (focal * cameraHeightM) / z;
  forSamples(canvas, { left, right, top, bottom }, (column, row, at) => {
    const color = shade(((column - centerX) * z) / focal - x, cameraHeightM - ((row - horizonY) * z) / focal);
    if (color !== undefined) put(canvas, at, color, classId, clear);
  });
}

/** A wall along the street, in the plane X = x. */
export interface Along {
  readonly x: number;
  readonly nearZ: number;
  readonly farZ: number;
  readonly heightM: number;
}

/** Paints a wall along the street; shade gets metres from its near end and metres above the ground. */
export function paintAlong(canvas: Canvas, { x, nearZ, farZ, heightM }: Along, classId: number, shade: Shade): void {
  const { focal, centerX, horizonY, cameraHeightM } = canvas;
  const ends = [centerX + (focal * x) / nearZ, centerX + (focal * x) / farZ];
  const top = horizonY - (focal * Math.max(0, heightM - cameraHeightM)) / nearZ;
  const bottom = horizonY + (focal * cameraHeightM) / nearZ;
  forSamples(canvas, { left: Math.min(...ends), right: Math.max(...ends), top, bottom }, (column, row, at) => {
    const z = (focal * x) / (column - centerX);
    const up = cameraHeightM - ((row - horizonY) * z) / focal;
    if (!(z >= nearZ && z <= farZ) || up < 0 || up > heightM) return;
    const color = shade(z - nearZ, up);
    if (color !== undefined) put(canvas, at, color, classId, clearness(canvas, z));
  });
}

export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Visits the samples that are free and whose centres lie in a box. */
export function forSamples(
  { width, height, taken }: Canvas,
  { left, right, top, bottom }: Box,
  visit: (column: number, row: number, at: number) => void,
): void {
  const fromX = Math.max(0, Math.ceil(left - 0.5));
  const toX = Math.min(width - 1, Math.ceil(right - 0.5) - 1);
  const fromY = Math.max(0, Math.ceil(top - 0.5));
  const toY = Math.min(height - 1, Math.ceil(bottom - 0.5) - 1);
  for (let y = fromY; y <= toY; y++) {
    for (let x = fromX; x <= toX; x++) {
      if (taken[y * width + x] === 0) visit(x + 0.5, y + 0.5, y * width + x);
    }
  }
}

/** Share of a colour that comes through the haze over a distance. */
export function clearness({ light }: Canvas, distanceM: number): number {
  return Math.exp(-distanceM / light.hazeDistanceM);
}

/** Lights a surface, takes it into the haze, and sets the sample. */
export function put(
  { light, colors, classes, taken }: Canvas,
  at: number,
  color: Rgb,
  classId: number,
  clear: number,
): void {
  const { surface, haze } = light;
  // Spelt out: this is the innermost loop.
  colors[at * 3] = color[0] * surface[0] * clear + haze[0] * (1 - clear);
  colors[at * 3 + 1] = color[1] * surface[1] * clear + haze[1] * (1 - clear);
  colors[at * 3 + 2] = color[2] * surface[2] * clear + haze[2] * (1 - clear);
  classes[at] = classId;
  taken[at] = 1;
}
