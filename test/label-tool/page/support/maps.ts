// What a model would say of a scene: a prediction that is off by some pixels, and doubt where classes meet.
import type { Scene } from './scene.ts';

/** How far a prediction is off, in pixels. */
const OFF_PX = 3;
/** How far from a border doubt reaches, in pixels. */
const REACH_PX = 8;

export function predictionOf({ truth, size: { height, width } }: Scene): Uint8Array {
  return truth.map((_, at) => {
    const y = Math.floor(at / width);
    const x = Math.round((at % width) + OFF_PX * Math.sin(y / 6));
    return truth[Math.min(height - 1, y + 2) * width + Math.min(width - 1, Math.max(0, x))]!;
  });
}

export function entropyOf({ truth, size: { width } }: Scene): Uint8Array {
  return truth.map((id, at) => {
    let nearest = REACH_PX;
    for (let step = 1; step < REACH_PX; step++)
      for (const beside of [at - step, at + step, at - step * width, at + step * width])
        if ((truth[beside] ?? id) !== id) nearest = Math.min(nearest, step);
    return Math.round(255 * (1 - nearest / REACH_PX));
  });
}

/** The left part of the picture, as labelled in an earlier cycle. */
export function earlierLabel({ truth, size: { width } }: Scene): Uint8Array {
  return truth.map((id, at) => (at % width < width * 0.35 ? id : 255));
}
