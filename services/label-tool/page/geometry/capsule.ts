// What a round brush covers between two points: the pixels whose middle is no farther than the radius from the segment.
import type { Point, Shape } from './raster.ts';

/**
 * @param diameterPx whole; the points snap to the middle of a pixel or to its corner, so that every dab of one brush has one shape
 */
export function capsule(from: Point, to: Point, diameterPx: number): Shape {
  const a = snap(from, diameterPx);
  const b = snap(to, diameterPx);
  const radius = diameterPx / 2;
  // A middle that lies on the circle but for rounding is in.
  const reach = radius * radius + 1e-9;
  return (visit) => {
    const first = Math.floor(Math.min(a.y, b.y) - radius);
    const last = Math.ceil(Math.max(a.y, b.y) + radius);
    for (let y = first; y <= last; y++) visitRow(y, a, b, radius, reach, visit);
  };
}

function snap({ x, y }: Point, diameterPx: number): Point {
  return diameterPx % 2 === 1
    ? { x: Math.floor(x) + 0.5, y: Math.floor(y) + 0.5 }
    : { x: Math.round(x), y: Math.round(y) };
}

/** A capsule is convex: in a row it is one span, which is walked to from both sides. */
function visitRow(
  y: number,
  a: Point,
  b: Point,
  radius: number,
  reach: number,
  visit: (y: number, left: number, right: number) => void,
): void {
  const [from, to] = extent(y + 0.5, a, b, radius);
  let left = Math.floor(from - radius);
  let right = Math.ceil(to + radius);
  while (left < right && squaredDistance(left + 0.5, y + 0.5, a, b) > reach) left++;
  while (right > left && squaredDistance(right - 0.5, y + 0.5, a, b) > reach) right--;
  if (right > left) visit(y, left, right);
}

/** @returns the columns of the segment's part that is within the radius of the row, so that long strokes are not walked across */
function extent(y: number, a: Point, b: Point, radius: number): [number, number] {
  const rise = b.y - a.y;
  if (rise === 0) return [Math.min(a.x, b.x), Math.max(a.x, b.x)];
  const at = (row: number) => a.x + (b.x - a.x) * Math.min(1, Math.max(0, (row - a.y) / rise));
  const ends = [at(y - radius), at(y + radius)];
  return [Math.min(...ends), Math.max(...ends)];
}

function squaredDistance(x: number, y: number, a: Point, b: Point): number {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - a.x) * dx + (y - a.y) * dy) / length));
  return (x - a.x - along * dx) ** 2 + (y - a.y - along * dy) ** 2;
}
