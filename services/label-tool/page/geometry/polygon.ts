// The pixels inside a polygon: those whose middle is inside by the even-odd rule.
import type { Point, Shape } from './raster.ts';

/** @param points the corners in order; the last joins the first. Fewer than three cover nothing */
export function polygon(points: readonly Point[]): Shape {
  return (visit) => {
    if (points.length < 3) return;
    const rows = points.map(({ y }) => y);
    const first = Math.floor(Math.min(...rows));
    const last = Math.ceil(Math.max(...rows));
    for (let y = first; y < last; y++) {
      const crossings = crossingsOf(y + 0.5, points);
      for (let i = 0; i + 1 < crossings.length; i += 2) {
        // The first middle at or after the crossing, and the first at or after the next one.
        const left = Math.ceil(crossings[i]! - 0.5);
        const right = Math.ceil(crossings[i + 1]! - 0.5);
        if (right > left) visit(y, left, right);
      }
    }
  };
}

/** @returns columns where the outline crosses the row, in order. An edge owns its upper end and not its lower one, so corners count once */
function crossingsOf(row: number, points: readonly Point[]): number[] {
  const crossings: number[] = [];
  let a = points.at(-1)!;
  for (const b of points) {
    if (a.y <= row !== b.y <= row) crossings.push(a.x + ((row - a.y) / (b.y - a.y)) * (b.x - a.x));
    a = b;
  }
  return crossings.sort((left, right) => left - right);
}
