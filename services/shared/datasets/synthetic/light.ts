// The light of a scene: what it does to surfaces, sky and distance, and to the camera.
import { type Rgb, rgb, scale } from './color.ts';
import type { Random } from './random.ts';

export type LightKind = 'sunny' | 'overcast' | 'dusk' | 'night';

export interface Light {
  readonly kind: LightKind;
  /** Multiplies every surface. */
  readonly surface: Rgb;
  readonly skyTop: Rgb;
  readonly skyBottom: Rgb;
  readonly cloud: Rgb;
  readonly haze: Rgb;
  /** Over this distance two thirds of a colour are lost in the haze. */
  readonly hazeDistanceM: number;
  /** Sunlit against shaded walls; left is lit where it is positive. */
  readonly sideContrast: number;
  /** Depth of a shadow on the ground, 0 to 1. */
  readonly shadow: number;
  /** Standard deviation of the camera's noise. */
  readonly noise: number;
}

/** A colour that shines by itself: it comes out as it is, whatever the light. */
export function shining(color: Rgb, { surface }: Light): Rgb {
  return [color[0] / surface[0], color[1] / surface[1], color[2] / surface[2]];
}

export function drawLight(random: Random): Light {
  const kind = random.weighted<LightKind>([
    ['sunny', 46],
    ['overcast', 30],
    ['dusk', 14],
    ['night', 10],
  ]);
  const exposure = random.between(0.82, 1.15);
  const side = random.between(0.06, 0.22) * (random.chance(0.5) ? 1 : -1);
  switch (kind) {
    case 'sunny':
      return {
        kind,
        surface: scale([1.06, 1.01, 0.93], exposure),
        skyTop: scale(random.pick([rgb('#4f86c6'), rgb('#6d9fd6'), rgb('#86aed0')]), exposure),
        skyBottom: scale(rgb('#c9dcea'), exposure),
        cloud: scale(rgb('#f4f5f6'), exposure),
        haze: scale(rgb('#c3d3de'), exposure),
        hazeDistanceM: random.between(140, 400),
        sideContrast: side,
        shadow: random.between(0.35, 0.55),
        noise: random.between(0.006, 0.014),
      };
    case 'overcast':
      return {
        kind,
        surface: scale([0.86, 0.88, 0.9], exposure),
        skyTop: scale(random.pick([rgb('#b9c0c6'), rgb('#c9cbcc'), rgb('#a3abb3')]), exposure),
        skyBottom: scale(rgb('#dadddd'), exposure),
        cloud: scale(rgb('#e4e5e4'), exposure),
        haze: scale(rgb('#c8cccd'), exposure),
        hazeDistanceM: random.between(60, 220),
        sideContrast: side * 0.3,
        shadow: random.between(0.12, 0.22),
        noise: random.between(0.008, 0.018),
      };
    case 'dusk':
      return {
        kind,
        surface: scale([0.72, 0.56, 0.5], exposure),
        skyTop: scale(random.pick([rgb('#4b5f8e'), rgb('#5d5a86'), rgb('#39527e')]), exposure),
        skyBottom: scale(random.pick([rgb('#f0a56a'), rgb('#e98e75'), rgb('#f2c48d')]), exposure),
        cloud: scale(rgb('#c98d84'), exposure),
        haze: scale(rgb('#b08a80'), exposure),
        hazeDistanceM: random.between(120, 300),
        sideContrast: side * 1.4,
        shadow: random.between(0.25, 0.4),
        noise: random.between(0.012, 0.022),
      };
    case 'night':
      return {
        kind,
        surface: scale([0.4, 0.37, 0.38], exposure),
        skyTop: rgb('#141a2c'),
        skyBottom: random.pick([rgb('#3a3844'), rgb('#4a3e36'), rgb('#2a3146')]),
        cloud: rgb('#33333d'),
        haze: rgb('#2c2a32'),
        hazeDistanceM: random.between(90, 220),
        sideContrast: 0,
        shadow: 0.1,
        noise: random.between(0.014, 0.026),
      };
  }
}
