// The sky over a scene, and what stands far away before it.
import { type Canvas, forSamples, put } from './canvas.ts';
import { BUILDING, SKY, VEGETATION } from './classes.ts';
import { blend, type Rgb, rgb, scale } from './color.ts';
import { shining } from './light.ts';
import { cellNoise, smoothNoise } from './noise.ts';
import type { Random } from './random.ts';

/** Fills the canvas above the horizon with a gradient and clouds. */
export function paintSky(canvas: Canvas, random: Random): void {
  const { width, height, horizonY, light, colors, classes } = canvas;
  const seed = random.below(2 ** 31);
  const cover = light.kind === 'overcast' ? random.between(0.1, 0.35) : random.between(0.35, 0.75);
  const cloudSize = random.between(0.12, 0.3) * width;
  forSamples(canvas, { left: 0, right: width, top: 0, bottom: horizonY }, (column, row, at) => {
    const up = Math.max(0, (horizonY - row) / height);
    const base = blend(light.skyBottom, light.skyTop, Math.min(1, up * 2.2));
    // Clouds flatten towards the horizon.
    const x = column / cloudSize;
    const y = (row / cloudSize) * 2.5;
    const density = 0.65 * smoothNoise(x, y, seed) + 0.35 * smoothNoise(x * 2.7, y * 2.7, seed + 1);
    const color = blend(base, light.cloud, Math.min(1, Math.max(0, density - cover) * 3.2));
    for (let channel = 0; channel < 3; channel++) colors[at * 3 + channel] = color[channel as 0 | 1 | 2];
    classes[at] = SKY;
  });
}

/** Roofs or treetops at the end of sight, fading into the haze. */
export function paintSkyline(canvas: Canvas, random: Random, kind: 'roofs' | 'trees'): void {
  const { width, height, horizonY, light } = canvas;
  const seed = random.below(2 ** 31);
  const clear = Math.exp(-random.between(0.5, 1.3));
  const peak = (kind === 'roofs' ? random.between(0.06, 0.2) : random.between(0.03, 0.1)) * height;
  const step = (kind === 'roofs' ? random.between(0.04, 0.1) : random.between(0.02, 0.05)) * width;
  const tones: readonly Rgb[] = [rgb('#8d8178'), rgb('#a89d8d'), rgb('#74767c')];
  const leaves = random.pick([rgb('#3f5a35'), rgb('#4c6340'), rgb('#55602f')]);
  forSamples(canvas, { left: 0, right: width, top: 0, bottom: horizonY + 2 }, (column, row, at) => {
    const cell = Math.floor(column / step);
    const rise =
      kind === 'roofs'
        ? cellNoise(cell, 0, seed)
        : 0.6 * smoothNoise(column / (step * 3), 0, seed) + 0.4 * smoothNoise(column / step, 5, seed);
    if (row < horizonY - peak * (0.25 + 0.75 * rise)) return;
    if (kind === 'trees') {
      const grain = 0.75 + 0.5 * smoothNoise(column / (step / 3), row / (step / 3), seed);
      put(canvas, at, scale(leaves, grain), VEGETATION, clear);
      return;
    }
    const lamp = light.kind === 'night' && cellNoise(Math.floor(column / 4), Math.floor(row / 5), seed) > 0.86;
    put(canvas, at, lamp ? shining(rgb('#d8b56a'), light) : tones[cell & 1 ? 0 : seed % 3]!, BUILDING, clear);
  });
}
