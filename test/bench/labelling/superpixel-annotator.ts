// Labels a region by superpixels and lines: drags across the superpixels of one object after the other, the largest first, fills in the
// commonest class, and then, while that is not good enough, cuts the worst superpixel by a straight line and labels the part that was wrong.
import { cutSegments } from '../../../services/label-tool/page/geometry/cut-segments.ts';
import { eachNeighbour } from '../../../services/label-tool/page/geometry/neighbours.ts';
import type { Point, Size } from '../../../services/label-tool/page/geometry/raster.ts';
import type { Segments } from '../../../services/label-tool/page/geometry/segments.ts';
import { slic } from '../../../services/label-tool/page/geometry/slic.ts';
import { type SuperpixelSize, stepPxOf } from '../../../services/label-tool/page/geometry/superpixel-steps.ts';
import { CLICK_S, DECIDE_S, type Effort, KEY_S, LINE_S } from './action-times.ts';
import type { Region } from './region.ts';
import { agreementOf, commonest, VOID } from './truth.ts';

/** A region that needs more cuts than this is not for superpixels of this size. */
const MOST_CUTS = 300;
/** Lines that are tried across a superpixel: directions, and places side by side. */
const DIRECTIONS = 12;
const PLACES = 9;

export interface SuperpixelOptions {
  readonly name: SuperpixelSize;
  /** To steer from one superpixel into the next. */
  readonly acrossSeconds: number;
}

export function labelBySuperpixels(region: Region, goal: number, { name, acrossSeconds }: SuperpixelOptions): Effort {
  const { size, truth, rgba, picture } = region;
  let segments = slic(rgba, size, stepPxOf(name, picture));
  const right = labelsOf(segments, truth);
  let labels = right.map(() => commonest(truth, truth.keys()));
  // Filling in the rest: a class and a key.
  let seconds = DECIDE_S + 2 * KEY_S;
  let clicks = 0;
  for (const group of groupsOf(segments, size, right)) {
    if (agreementOf(maskOf(segments, labels), truth) >= goal) break;
    if (labels[group.members[0]!] === right[group.members[0]!]) continue;
    for (const member of group.members) labels[member] = right[member]!;
    seconds += DECIDE_S + KEY_S + CLICK_S + group.steps * acrossSeconds;
    clicks++;
  }
  for (let cuts = 0; agreementOf(maskOf(segments, labels), truth) < goal; cuts++) {
    const better = cuts < MOST_CUTS ? bestCut(segments, labels, size, truth) : undefined;
    if (!better) throw new Error(`${region.name}: ${name} superpixels do not reach ${goal}`);
    segments = better;
    labels = labelsOf(segments, truth);
    // The line's tool and the line; the superpixels' tool, a class and a click.
    seconds += DECIDE_S + KEY_S + LINE_S + 2 * KEY_S + CLICK_S;
    clicks += 2;
  }
  return { seconds, clicks, agreement: agreementOf(maskOf(segments, labels), truth) };
}

function membersOf({ ids, count }: Segments): number[][] {
  const members: number[][] = Array.from({ length: count }, () => []);
  ids.forEach((id, at) => {
    members[id]!.push(at);
  });
  return members;
}

function labelsOf(segments: Segments, truth: Uint8Array): number[] {
  return membersOf(segments).map((pixels) => commonest(truth, pixels));
}

function maskOf({ ids }: Segments, labels: readonly number[]): Uint8Array {
  return Uint8Array.from(ids, (id) => labels[id]!);
}

interface Group {
  readonly members: readonly number[];
  /** From superpixel to superpixel until all were visited, ways back included. */
  readonly steps: number;
}

/** @returns superpixels of one class that hang together, which one drag labels; those of most pixels first */
function groupsOf(segments: Segments, size: Size, labels: readonly number[]): Group[] {
  const beside = neighboursOf(segments, size);
  const pixels = membersOf(segments).map(({ length }) => length);
  const seen = new Set<number>();
  const groups: Group[] = [];
  labels.forEach((id, start) => {
    if (id === VOID || seen.has(start)) return;
    const members: number[] = [];
    // A walk through a tree goes each way twice, but for the ways to its last superpixel.
    let deepest = 0;
    const walk = (here: number, depth: number) => {
      seen.add(here);
      members.push(here);
      deepest = Math.max(deepest, depth);
      for (const next of beside[here]!) if (!seen.has(next) && labels[next] === id) walk(next, depth + 1);
    };
    walk(start, 0);
    groups.push({ members, steps: 2 * (members.length - 1) - deepest });
  });
  const weight = ({ members }: Group) => members.reduce((sum, member) => sum + pixels[member]!, 0);
  return groups.sort((a, b) => weight(b) - weight(a));
}

function neighboursOf({ ids, count }: Segments, size: Size): Set<number>[] {
  const beside: Set<number>[] = Array.from({ length: count }, () => new Set());
  ids.forEach((id, at) => {
    eachNeighbour(at, size, (next) => {
      if (ids[next] !== id) beside[id]!.add(ids[next]!);
    });
  });
  return beside;
}

/** @returns segments after the line that makes most pixels right, across the superpixel with most wrong; undefined where none helps */
function bestCut(segments: Segments, labels: readonly number[], size: Size, truth: Uint8Array): Segments | undefined {
  const wrong = membersOf(segments)
    .map((pixels, id) => ({
      id,
      pixels,
      count: pixels.filter((at) => truth[at] !== VOID && truth[at] !== labels[id]).length,
    }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count || a.id - b.id);
  for (const { pixels, count } of wrong) {
    let best: Segments | undefined;
    let fewest = count;
    for (const line of linesAcross(pixels, size)) {
      const cut = cutSegments(only(segments, pixels), size, line);
      const left = wrongAfter(cut, pixels, truth);
      if (left < fewest) {
        fewest = left;
        best = merge(segments, cut, pixels);
      }
    }
    if (best) return best;
  }
  return undefined;
}

/** @returns one segment of the pixels, and one of all others, so that a line cuts nothing else */
function only(segments: Segments, pixels: readonly number[]): Segments {
  const ids = new Int32Array(segments.ids.length);
  for (const at of pixels) ids[at] = 1;
  return { ids, count: 2 };
}

function wrongAfter({ ids }: Segments, pixels: readonly number[], truth: Uint8Array): number {
  const parts = Map.groupBy(pixels, (at) => ids[at]!);
  return [...parts.values()].reduce((sum, part) => {
    const id = commonest(truth, part);
    return sum + part.filter((at) => truth[at] !== VOID && truth[at] !== id).length;
  }, 0);
}

function merge(segments: Segments, cut: Segments, pixels: readonly number[]): Segments {
  const ids = segments.ids.slice();
  const fresh = new Map<number, number>();
  for (const at of pixels) {
    const part = cut.ids[at]!;
    if (part === 1) continue;
    if (!fresh.has(part)) fresh.set(part, segments.count + fresh.size);
    ids[at] = fresh.get(part)!;
  }
  return { ids, count: segments.count + fresh.size };
}

function linesAcross(pixels: readonly number[], { width }: Size): Point[][] {
  const xs = pixels.map((at) => (at % width) + 0.5);
  const ys = pixels.map((at) => Math.floor(at / width) + 0.5);
  const middle = { x: mean(xs), y: mean(ys) };
  const reach = Math.max(...xs.map((x, i) => Math.hypot(x - middle.x, ys[i]! - middle.y))) + 1;
  return Array.from({ length: DIRECTIONS * PLACES }, (_, i) => {
    const angle = (Math.PI * (i % DIRECTIONS)) / DIRECTIONS;
    const offset = reach * ((2 * (Math.floor(i / DIRECTIONS) + 1)) / (PLACES + 1) - 1);
    const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
    const at = { x: middle.x - dy * offset, y: middle.y + dx * offset };
    return [
      { x: at.x - dx * reach, y: at.y - dy * reach },
      { x: at.x + dx * reach, y: at.y + dy * reach },
    ];
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
