// The smart boundary (Mortensen and Barrett, "Intelligent Scissors for Image Composition", SIGGRAPH 1995): the cheapest way over the
// edges of the picture from an anchor to every pixel around it, by Dijkstra's search.
import type { Point, Rect, Size } from './raster.ts';

/** How far from its anchor a wire is looked for: what a user draws between two clicks, and what is found at once. */
export const WIRE_REACH_PX = 192;
/** Lengths of steps to a side and to a corner, near 1 to sqrt(2). */
const SIDE = 5;
const CORNER = 7;
const STEPS = [
  [0, -1],
  [-1, 0],
  [1, 0],
  [0, 1],
  [-1, -1],
  [1, -1],
  [-1, 1],
  [1, 1],
] as const;
const NO_STEP = 255;

/** All ways to one anchor. */
export interface Wires {
  readonly rect: Rect;
  /** Of each pixel of the rectangle: the step that led to it, an index of STEPS. */
  readonly steps: Uint8Array;
}

/** @param cost of each pixel, whole and at least 1 */
export function wiresFrom(cost: Uint8Array, size: Size, anchor: Point): Wires {
  const rect = reachOf(size, anchor);
  const steps = new Uint8Array(rect.height * rect.width).fill(NO_STEP);
  const lengths = new Uint32Array(steps.length).fill(0xffffffff);
  const done = new Uint8Array(steps.length);
  const start = (Math.floor(anchor.y) - rect.top) * rect.width + Math.floor(anchor.x) - rect.left;
  lengths[start] = 0;
  // Ways are sorted by their length into buckets, which are emptied in order.
  const buckets: number[][] = [[start]];
  for (let length = 0; length < buckets.length; length++) {
    for (const at of buckets[length] ?? []) {
      if (done[at] || lengths[at] !== length) continue;
      done[at] = 1;
      const x = at % rect.width;
      const y = Math.floor(at / rect.width);
      for (let step = 0; step < STEPS.length; step++) {
        const nextX = x + STEPS[step]![0];
        const nextY = y + STEPS[step]![1];
        if (nextX < 0 || nextY < 0 || nextX >= rect.width || nextY >= rect.height) continue;
        const next = nextY * rect.width + nextX;
        const price = cost[(rect.top + nextY) * size.width + rect.left + nextX]!;
        const reached = length + price * (step < 4 ? SIDE : CORNER);
        if (reached >= lengths[next]!) continue;
        lengths[next] = reached;
        steps[next] = step;
        while (buckets.length <= reached) buckets.push([]);
        buckets[reached]!.push(next);
      }
    }
    buckets[length] = [];
  }
  return { rect, steps };
}

function reachOf({ height, width }: Size, { x, y }: Point): Rect {
  const left = Math.max(0, Math.floor(x) - WIRE_REACH_PX);
  const top = Math.max(0, Math.floor(y) - WIRE_REACH_PX);
  return {
    left,
    top,
    width: Math.min(width, Math.floor(x) + WIRE_REACH_PX + 1) - left,
    height: Math.min(height, Math.floor(y) + WIRE_REACH_PX + 1) - top,
  };
}

/** @returns middles of the pixels from the anchor to the point, which is drawn into the wires' reach where it is outside */
export function wireTo({ rect, steps }: Wires, to: Point): Point[] {
  let x = Math.min(rect.width - 1, Math.max(0, Math.floor(to.x) - rect.left));
  let y = Math.min(rect.height - 1, Math.max(0, Math.floor(to.y) - rect.top));
  const points: Point[] = [];
  for (;;) {
    points.push({ x: rect.left + x + 0.5, y: rect.top + y + 0.5 });
    const step = STEPS[steps[y * rect.width + x]!];
    if (!step) return points.reverse();
    x -= step[0];
    y -= step[1];
  }
}
