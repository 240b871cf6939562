// The outline of an object as a polygon, and the same with fewer corners.
import type { Point, Size } from '../../../services/label-tool/page/geometry/raster.ts';

/** @returns the corners of the outer outline, along sides of pixels */
export function outlineOf(pixels: readonly number[], { width }: Size): Point[] {
  const inside = new Set(pixels);
  const has = (x: number, y: number) => x >= 0 && x < width && inside.has(y * width + x);
  // The first pixel in reading order has nothing above it: its upper side is on the outer outline. The object lies to the right of the way.
  const first = Math.min(...pixels);
  const start = { x: first % width, y: Math.floor(first / width) };
  const corners: Point[] = [];
  let { x, y } = start;
  let [dx, dy] = [1, 0];
  do {
    x += dx;
    y += dy;
    // The pixels ahead, to the right and to the left of the way.
    const right = has(x + (dx - dy - 1) / 2, y + (dx + dy - 1) / 2);
    const left = has(x + (dx + dy - 1) / 2, y + (dy - dx - 1) / 2);
    const [oldX, oldY] = [dx, dy];
    if (!right) [dx, dy] = [-dy, dx];
    else if (left) [dx, dy] = [dy, -dx];
    if (dx !== oldX || dy !== oldY) corners.push({ x, y });
  } while (x !== start.x || y !== start.y || dx !== 1 || dy !== 0);
  return corners;
}

/** Douglas and Peucker (1973): leaves out corners that are no farther than the tolerance from the line without them. */
export function simplify(corners: readonly Point[], tolerancePx: number): Point[] {
  if (corners.length < 4) return corners.slice();
  // A closed outline is two open ones, between two corners that are far apart.
  const far = farthest(corners, corners[0]!, corners[0]!).at;
  const one = open(corners.slice(0, far + 1), tolerancePx);
  const other = open([...corners.slice(far), corners[0]!], tolerancePx);
  return [...one.slice(0, -1), ...other.slice(0, -1)];
}

function open(line: readonly Point[], tolerancePx: number): Point[] {
  const [first, last] = [line[0]!, line.at(-1)!];
  const { at, distance } = farthest(line, first, last);
  if (distance <= tolerancePx) return [first, last];
  return [...open(line.slice(0, at + 1), tolerancePx).slice(0, -1), ...open(line.slice(at), tolerancePx)];
}

function farthest(line: readonly Point[], a: Point, b: Point): { at: number; distance: number } {
  const length = Math.hypot(b.x - a.x, b.y - a.y);
  let best = { at: 0, distance: -1 };
  line.forEach(({ x, y }, at) => {
    const distance =
      length === 0
        ? Math.hypot(x - a.x, y - a.y)
        : Math.abs((b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x)) / length;
    if (distance > best.distance) best = { at, distance };
  });
  return best;
}
