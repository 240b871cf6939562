// People on foot and on bicycles.
import { type Canvas, paintFacing } from './canvas.ts';
import { BICYCLIST, PEDESTRIAN } from './classes.ts';
import { type Rgb, rgb, scale } from './color.ts';
import type { Random } from './random.ts';
import type { Place } from './thing.ts';

const SKIN = ['#c99a7c', '#8a5f45', '#e0b798', '#5c4033'].map(rgb);
const CLOTHES = ['#23262e', '#4a4f57', '#7c8288', '#6b2f2f', '#33486e', '#586247', '#b9b2a5', '#93713f', '#d6d3cc'].map(
  rgb,
);
const TYRE = rgb('#1c1d1f');

export function paintPedestrian(canvas: Canvas, place: Place, random: Random): void {
  const tallM = random.chance(0.12) ? random.between(1.05, 1.4) : random.between(1.55, 1.88);
  const skin = random.pick(SKIN);
  const [coat, trousers] = [random.pick(CLOTHES), random.pick(CLOTHES)];
  const hair = scale(rgb('#3a2d25'), random.between(0.5, 2));
  const stride = random.between(0.02, 0.2);
  const stout = random.between(0.85, 1.2);
  paintFacing(canvas, { ...place, widthM: 0.75, heightM: tallM }, PEDESTRIAN, (across, up) => {
    const u = across / stout;
    const v = up / tallM;
    const head = Math.hypot(u / 0.11, (v - 0.925) / 0.078);
    if (head < 1) return v > 0.95 ? hair : skin;
    if (v > 0.47 && v < 0.86) {
      const shoulder = 0.235 - 0.35 * Math.max(0, v - 0.79);
      if (Math.abs(u) > shoulder) return undefined;
      const arm = Math.abs(u) > 0.165;
      return arm && v < 0.52 ? skin : scale(coat, arm ? 0.8 : 0.95 + u);
    }
    // Legs part towards the feet.
    const legs = Math.abs(Math.abs(u) - (0.075 + stride * (0.47 - v)));
    return v <= 0.47 && legs < 0.085 ? scale(v < 0.04 ? TYRE : trousers, u > 0 ? 1 : 0.85) : undefined;
  });
}

export function paintBicyclist(canvas: Canvas, place: Place, random: Random): void {
  const look = {
    skin: random.pick(SKIN),
    coat: random.pick(CLOTHES),
    trousers: random.pick(CLOTHES),
    frame: random.pick(CLOTHES),
    helmet: random.chance(0.5) ? random.pick([rgb('#c8c8c4'), rgb('#2d2f33'), rgb('#b03a2e')]) : rgb('#3a2d25'),
  };
  if (random.chance(0.45)) paintFromBehind(canvas, place, look);
  else paintFromSide(canvas, place, random.chance(0.5) ? 1 : -1, look);
}

type Look = Readonly<Record<'skin' | 'coat' | 'trousers' | 'frame' | 'helmet', Rgb>>;

function paintFromBehind(canvas: Canvas, place: Place, look: Look): void {
  paintFacing(canvas, { ...place, widthM: 0.8, heightM: 1.78 }, BICYCLIST, (across, up) => {
    if (Math.hypot(across / 0.12, (up - 1.64) / 0.14) < 1) return up > 1.64 ? look.helmet : look.skin;
    if (up > 0.95 && up < 1.52) return Math.abs(across) < 0.24 - 0.3 * Math.max(0, up - 1.4) ? look.coat : undefined;
    if (up > 0.86 && up < 0.95 && Math.abs(across) < 0.33) return look.frame;
    if (Math.abs(across) < 0.05 && up < 0.72) return TYRE;
    return up > 0.28 && up < 0.95 && Math.abs(Math.abs(across) - 0.13) < 0.075 ? look.trousers : undefined;
  });
}

function paintFromSide(canvas: Canvas, place: Place, toward: 1 | -1, look: Look): void {
  paintFacing(canvas, { ...place, widthM: 1.8, heightM: 1.76 }, BICYCLIST, (across, up) => {
    const ahead = across * toward;
    if (Math.hypot((ahead - 0.2) / 0.12, (up - 1.62) / 0.13) < 1) return up > 1.63 ? look.helmet : look.skin;
    if (isNear(ahead, up, [-0.12, 0.92], [0.14, 1.45], 0.16)) return look.coat;
    if (isNear(ahead, up, [0.12, 1.36], [0.42, 1.04], 0.055)) return look.coat;
    if (isNear(ahead, up, [-0.1, 0.92], [0.16, 0.66], 0.1) || isNear(ahead, up, [0.16, 0.66], [0.04, 0.3], 0.075))
      return look.trousers;
    for (const wheel of [-0.52, 0.52]) {
      const radius = Math.hypot(ahead - wheel, up - 0.34);
      if (radius < 0.34) return radius > 0.25 ? TYRE : scale(rgb('#6c6b69'), 0.8 + radius);
    }
    const tubes =
      isNear(ahead, up, [-0.15, 0.85], [-0.05, 0.34], 0.04) || isNear(ahead, up, [-0.1, 0.72], [0.4, 0.8], 0.04);
    return tubes || isNear(ahead, up, [0.4, 1], [0.52, 0.34], 0.04) ? look.frame : undefined;
  });
}

/** Whether a point lies within a distance of the segment a-b. */
function isNear(
  x: number,
  y: number,
  a: readonly [number, number],
  b: readonly [number, number],
  within: number,
): boolean {
  const dx = b[0] - a[0];
  const dy = b[1] - a[1];
  const t = Math.min(1, Math.max(0, ((x - a[0]) * dx + (y - a[1]) * dy) / (dx * dx + dy * dy)));
  return Math.hypot(x - a[0] - t * dx, y - a[1] - t * dy) < within;
}
