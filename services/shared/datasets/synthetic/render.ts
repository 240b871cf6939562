// A scene as a camera gives it: colours averaged over each pixel's surroundings with noise, and the exact class of its centre.
import type { Pixels, Size } from '../../images/images.ts';
import type { RandomPart } from '../../random.ts';
import type { Canvas } from './canvas.ts';
import { drawLight } from './light.ts';
import { type Random, randomOf } from './random.ts';
import { paintScene } from './scene.ts';

export interface Scene {
  /** RGB, H*W*3. */
  readonly image: Pixels;
  /** Ids of SYNTHETIC_CLASS_MAP, H*W. */
  readonly mask: Pixels;
}

/** Renders one scene: equal sizes and names give equal pixels. */
export function renderScene(size: Size, ...name: RandomPart[]): Scene {
  const random = randomOf('scene', ...name);
  const canvas = makeCanvas(size, random);
  paintScene(canvas, random);
  return { image: { ...size, data: expose(canvas, size, random) }, mask: { ...size, data: centres(canvas, size) } };
}

function makeCanvas(size: Size, random: Random): Canvas {
  const height = 2 * size.height + 1;
  const width = 2 * size.width + 1;
  return {
    height,
    width,
    colors: new Float32Array(height * width * 3),
    classes: new Uint8Array(height * width),
    taken: new Uint8Array(height * width),
    sunlight: new Float32Array(height * width).fill(1),
    focal: width * random.between(0.78, 0.98),
    centerX: width * random.between(0.42, 0.58),
    horizonY: height * random.between(0.44, 0.58),
    cameraHeightM: random.between(1.3, 1.75),
    light: drawLight(random),
  };
}

/** Tent filter over three samples: a lens that is as sharp as its sensor. */
const LENS = [0.25, 0.5, 0.25] as const;

function expose({ width, colors, light }: Canvas, size: Size, random: Random): Uint8Array {
  const data = new Uint8Array(size.height * size.width * 3);
  const cast = [random.between(0.95, 1.05), 1, random.between(0.94, 1.06)] as const;
  const vignette = random.between(0, 0.3);
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++) {
      const fall = 1 - vignette * ((x / size.width - 0.5) ** 2 + (y / size.height - 0.5) ** 2);
      // Light flickers in all channels together, the sensor in each by itself.
      const flicker = bell(random) * light.noise;
      for (const channel of [0, 1, 2] as const) {
        let sum = 0;
        for (const row of [0, 1, 2] as const) {
          const at = ((2 * y + row) * width + 2 * x) * 3 + channel;
          for (const column of [0, 1, 2] as const)
            sum += LENS[row] * LENS[column] * Math.min(1, colors[at + column * 3]!);
        }
        const value = sum * fall * cast[channel] + flicker + bell(random) * light.noise * 0.6;
        data[(y * size.width + x) * 3 + channel] = Math.round(255 * Math.min(1, Math.max(0, value)));
      }
    }
  }
  return data;
}

/** Nearly normal, mean 0, variance 1: the sum of three uniform numbers of variance 1/3. */
function bell(random: Random): number {
  return random.between(-1, 1) + random.between(-1, 1) + random.between(-1, 1);
}

function centres({ width, classes }: Canvas, size: Size): Uint8Array {
  return Uint8Array.from({ length: size.height * size.width }, (_, i) => {
    const y = Math.floor(i / size.width);
    const x = i % size.width;
    return classes[(2 * y + 1) * width + 2 * x + 1]!;
  });
}
