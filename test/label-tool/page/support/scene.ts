// A street scene of flat colours whose labels are known pixel by pixel: what a tool should do to it can be said exactly.
import { decode, encode } from 'fast-png';
import type { Size } from '../../../../services/label-tool/page/geometry/raster.ts';

export const SCENE_SIZE = { height: 192, width: 256 };

export const SCENE_CLASSES = [
  { id: 0, name: 'Sky', color: '#8fb8de' },
  { id: 1, name: 'Building', color: '#8a5a44' },
  { id: 2, name: 'Pole', color: '#c0a062' },
  { id: 3, name: 'Road', color: '#7d5ba6' },
  { id: 4, name: 'Pavement', color: '#d46fb0' },
  { id: 5, name: 'Tree', color: '#3f9b54' },
  { id: 6, name: 'Sign symbol', color: '#d9b310' },
  { id: 7, name: 'Fence', color: '#5f7480' },
  { id: 8, name: 'Car', color: '#2f5fd0' },
  { id: 9, name: 'Pedestrian', color: '#d8432f' },
  { id: 10, name: 'Cyclist', color: '#14a3a8' },
];

/** What the camera sees of each class. */
const APPEARANCE: readonly (readonly [number, number, number])[] = [
  [176, 205, 235],
  [150, 128, 112],
  [70, 70, 74],
  [92, 92, 98],
  [168, 164, 158],
  [58, 98, 52],
  [220, 190, 40],
  [120, 118, 100],
  [36, 52, 96],
  [150, 60, 60],
  [60, 130, 130],
];

export interface Scene {
  readonly size: Size;
  readonly image: Uint8Array;
  /** Class ids, H*W. */
  readonly truth: Uint8Array;
}

/** @param grain how far colours of a class differ, so that the picture looks like one; 0 makes it flat */
export function drawScene(grain = 0): Scene {
  const { height, width } = SCENE_SIZE;
  const truth = new Uint8Array(height * width);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) truth[y * width + x] = classAt(x, y);
  const data = new Uint8Array(truth.length * 3);
  truth.forEach((id, at) => {
    const x = at % width;
    const y = Math.floor(at / width);
    const shade = grain * (Math.sin(x * 0.7 + id) * Math.cos(y * 0.9) + ((x * 7 + y * 13) % 11) / 11 - 0.5);
    const light = grain > 0 ? 14 * Math.sin((x + y) / 60) : 0;
    APPEARANCE[id]!.forEach((value, channel) => {
      data[at * 3 + channel] = Math.max(0, Math.min(255, Math.round(value + shade + light)));
    });
  });
  return { size: SCENE_SIZE, image: encode({ data, height, width, channels: 3, depth: 8 }), truth };
}

function classAt(x: number, y: number): number {
  if (inEllipse(x, y, 166, 128, 27, 14) || inEllipse(x, y, 164, 117, 16, 11)) return 8;
  if (x >= 100 && x < 104 && y >= 40 && y < 138) return 2;
  if (inEllipse(x, y, 102, 36, 9, 9)) return 6;
  if (inEllipse(x, y, 122, 118, 4, 17) || inEllipse(x, y, 122, 99, 4, 4)) return 9;
  if (y >= 132 - (x < 128 ? 0 : (x - 128) / 9) && y >= 120) return x < 70 - (y - 132) * 0.4 ? 4 : 3;
  if (x < 92 && y >= 28 + (x > 46 ? 16 : 0)) return 1;
  if (x >= 206 && y >= 50) return 1;
  if (inEllipse(x, y, 196, 78, 34, 36) || (x > 190 && x < 199 && y > 90)) return 5;
  if (y >= 112) return 7;
  return 0;
}

function inEllipse(x: number, y: number, centreX: number, centreY: number, radiusX: number, radiusY: number): boolean {
  return ((x + 0.5 - centreX) / radiusX) ** 2 + ((y + 0.5 - centreY) / radiusY) ** 2 <= 1;
}

/** The scene at another size, pixel for pixel. */
export function resize(scene: Scene, size: Size): Scene {
  const { height, width } = size;
  const source = Uint32Array.from({ length: height * width }, (_, at) => {
    const y = Math.floor((Math.floor(at / width) * scene.size.height) / height);
    return y * scene.size.width + Math.floor(((at % width) * scene.size.width) / width);
  });
  const colors = decode(scene.image).data;
  const data = new Uint8Array(source.length * 3);
  source.forEach((from, at) => {
    for (let channel = 0; channel < 3; channel++) data[at * 3 + channel] = colors[from * 3 + channel]!;
  });
  const truth = Uint8Array.from(source, (from) => scene.truth[from]!);
  return { size, image: encode({ data, height, width, channels: 3, depth: 8 }, { zlib: { level: 1 } }), truth };
}

export function greyPng(data: Uint8Array, { height, width }: Size = SCENE_SIZE): Uint8Array {
  return encode({ data, height, width, channels: 1, depth: 8 });
}

/** Two bands of flat colour under each other. */
export function bandScene(firstRow: number): Scene {
  const { height, width } = SCENE_SIZE;
  const truth = new Uint8Array(height * width);
  truth.fill(3, firstRow * width);
  const data = new Uint8Array(truth.length * 3);
  truth.forEach((id, at) => {
    data.set(APPEARANCE[id]!, at * 3);
  });
  return { size: SCENE_SIZE, image: encode({ data, height, width, channels: 3, depth: 8 }), truth };
}
