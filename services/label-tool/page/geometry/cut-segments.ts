// Cuts superpixels along a line: a segment that the line parts becomes two, one that it only enters stays one.
import { eachNeighbour } from './neighbours.ts';
import { visitPolyline } from './polyline.ts';
import type { Point, Size } from './raster.ts';
import type { Segments } from './segments.ts';

/** Of a pixel of a segment that is cut. Parts are counted from FIRST_PART. */
const OUTSIDE = 0;
const BARRIER = 1;
const FREE = 2;
const FIRST_PART = 3;

/** @returns new segments; those given stay as they are. The largest part keeps the segment's id */
export function cutSegments(segments: Segments, size: Size, line: readonly Point[]): Segments {
  const marks = new Int32Array(segments.ids.length);
  const barrier: number[] = [];
  visitPolyline(line, (x, y) => {
    const at = y * size.width + x;
    if (x < 0 || y < 0 || x >= size.width || y >= size.height || marks[at] !== OUTSIDE) return;
    marks[at] = BARRIER;
    barrier.push(at);
  });
  const ids = segments.ids.slice();
  let count = segments.count;
  const cut = new Set<number>();
  for (const start of barrier) {
    const id = segments.ids[start]!;
    if (cut.has(id)) continue;
    cut.add(id);
    const parts = partsOf(membersFrom(start, segments.ids, size, marks), marks, size);
    parts.sort((a, b) => b.length - a.length || a[0]! - b[0]!);
    for (const part of parts.slice(1)) {
      for (const at of part) ids[at] = count;
      count++;
    }
  }
  return { ids, count };
}

/** @returns the segment's pixels; those off the line are marked free */
function membersFrom(start: number, ids: Int32Array, size: Size, marks: Int32Array): number[] {
  const members = [start];
  const seen = new Set(members);
  const take = (at: number) => {
    if (ids[at] !== ids[start] || marks[at] === FREE || seen.has(at)) return;
    if (marks[at] === BARRIER) seen.add(at);
    else marks[at] = FREE;
    members.push(at);
  };
  for (let next = 0; next < members.length; next++) eachNeighbour(members[next]!, size, take);
  return members;
}

/** @returns the parts of a segment beside the line, to which the line's own pixels are given; none where there is nothing beside it */
function partsOf(members: readonly number[], marks: Int32Array, size: Size): number[][] {
  const parts: number[][] = [];
  for (const start of members) {
    if (marks[start] !== FREE) continue;
    const mark = FIRST_PART + parts.length;
    const part = [start];
    marks[start] = mark;
    for (let next = 0; next < part.length; next++) {
      eachNeighbour(part[next]!, size, (beside) => {
        if (marks[beside] !== FREE) return;
        marks[beside] = mark;
        part.push(beside);
      });
    }
    parts.push(part);
  }
  if (parts.length > 1) giveLine(members, parts, marks, size);
  for (const at of members) marks[at] = OUTSIDE;
  return parts;
}

/** From all parts at once, one ring after the other, so that each pixel of the line goes to the part that is nearest by sides. */
function giveLine(members: readonly number[], parts: number[][], marks: Int32Array, size: Size): void {
  const ours = new Set(members.filter((at) => marks[at] === BARRIER));
  let ring: number[] = members.filter((at) => marks[at]! >= FIRST_PART);
  while (ring.length > 0 && ours.size > 0) {
    const next: number[] = [];
    for (const at of ring) {
      const mark = marks[at]!;
      eachNeighbour(at, size, (beside) => {
        if (!ours.delete(beside)) return;
        marks[beside] = mark;
        parts[mark - FIRST_PART]!.push(beside);
        next.push(beside);
      });
    }
    ring = next;
  }
}
