// The pixels on a line of segments, one pixel wide and connected by sides or corners (Bresenham).
import type { Point } from './raster.ts';

export type VisitPixel = (x: number, y: number) => void;

export function visitPolyline(points: readonly Point[], visit: VisitPixel): void {
  if (points.length === 1) visitSegment(points[0]!, points[0]!, visit);
  for (let i = 1; i < points.length; i++) visitSegment(points[i - 1]!, points[i]!, visit);
}

export function visitSegment(from: Point, to: Point, visit: VisitPixel): void {
  let x = Math.floor(from.x);
  let y = Math.floor(from.y);
  const endX = Math.floor(to.x);
  const endY = Math.floor(to.y);
  const dx = Math.abs(endX - x);
  const dy = -Math.abs(endY - y);
  const stepX = x < endX ? 1 : -1;
  const stepY = y < endY ? 1 : -1;
  let error = dx + dy;
  for (;;) {
    visit(x, y);
    if (x === endX && y === endY) return;
    const twice = 2 * error;
    if (twice >= dy) {
      error += dy;
      x += stepX;
    }
    if (twice <= dx) {
      error += dx;
      y += stepY;
    }
  }
}
