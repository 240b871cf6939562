// One window under work: its mask, the superpixels with the lines that cut them, and every step back to the start.
// Nothing here knows of a screen: tools draw shapes, a step is closed with commit, and who draws hears what changed.
import { UNLABELLED } from '../../api-types.ts';
import { cutSegments } from '../geometry/cut-segments.ts';
import { applyDelta, diffMasks, type MaskDelta } from '../geometry/mask-delta.ts';
import {
  clipRect,
  EMPTY_RECT,
  type Point,
  type Rect,
  type Shape,
  type Size,
  union,
  wholeOf,
} from '../geometry/raster.ts';
import type { Segments } from '../geometry/segments.ts';

interface Step {
  readonly delta: MaskDelta | undefined;
  /** A line that cuts the superpixels. */
  readonly cut: readonly Point[] | undefined;
}

export interface Labelling {
  readonly size: Size;
  /** Class ids, H*W; changed in place by paint. */
  readonly mask: Uint8Array;
  /** Pixels of each value, by value; kept up to date by commit, undo and redo. */
  readonly counts: Uint32Array;
  segments(): Segments | undefined;
  cuts(): readonly (readonly Point[])[];
  /** Sets what the shape covers, inside the window alone. @param options.onlyUnlabelled leaves what has a label. @returns what may have changed */
  paint(shape: Shape, id: number, options: { readonly onlyUnlabelled: boolean }): Rect;
  /** Sets every unlabelled pixel that the other mask, of the window, has a class for. */
  fillFrom(other: Uint8Array): Rect;
  /** Replaces the whole mask, as a step that can be undone. */
  replace(mask: Uint8Array): void;
  /** Closes a step of what was painted since the last one. @returns whether there was anything */
  commit(): boolean;
  /** Takes back what was painted since the last step. @returns what changed */
  revert(): Rect;
  /** Cuts the superpixels along a line, as a step. @returns false where it parts none */
  cut(line: readonly Point[]): boolean;
  /** Puts other superpixels under the same lines. */
  setSegments(base: Segments): void;
  undo(): Rect | undefined;
  redo(): Rect | undefined;
  canUndo(): boolean;
  canRedo(): boolean;
}

/** @param mask class ids of the window; taken over. @param cuts lines of an earlier session, which stay */
export function createLabelling(
  mask: Uint8Array,
  size: Size,
  earlierCuts: readonly (readonly Point[])[] = [],
): Labelling {
  const committed = mask.slice();
  const counts = new Uint32Array(256);
  for (const id of mask) counts[id]!++;
  const done: Step[] = [];
  const undone: Step[] = [];
  let open = EMPTY_RECT;
  let base: Segments | undefined;
  let segments: Segments | undefined;

  const cuts = () => [...earlierCuts, ...done.flatMap(({ cut }) => (cut ? [cut] : []))];
  const cutAgain = () => {
    segments = base && cuts().reduce((cut, line) => cutSegments(cut, size, line), base);
  };
  const push = (step: Step) => {
    done.push(step);
    undone.length = 0;
  };
  const count = (delta: MaskDelta, from: 'before' | 'after', to: 'before' | 'after') => {
    delta.lengths.forEach((length, i) => {
      counts[delta[from][i]!]! -= length;
      counts[delta[to][i]!]! += length;
    });
  };
  const move = (step: Step, from: 'before' | 'after', to: 'before' | 'after'): Rect => {
    if (step.delta) {
      applyDelta(mask, step.delta, to);
      applyDelta(committed, step.delta, to);
      count(step.delta, from, to);
    }
    if (step.cut) cutAgain();
    return step.delta?.rect ?? wholeOf(size);
  };

  const labelling: Labelling = {
    size,
    mask,
    counts,
    segments: () => segments,
    cuts,
    paint(shape, id, { onlyUnlabelled }) {
      const changed = paintSpans(mask, size, shape, id, onlyUnlabelled);
      open = union(open, changed);
      return changed;
    },
    fillFrom(other) {
      for (let at = 0; at < mask.length; at++)
        if (mask[at] === UNLABELLED && other[at]! !== UNLABELLED) mask[at] = other[at]!;
      open = wholeOf(size);
      return open;
    },
    replace(other) {
      labelling.commit();
      mask.set(other);
      open = wholeOf(size);
      labelling.commit();
    },
    commit() {
      const delta = diffMasks(committed, mask, size, open);
      open = EMPTY_RECT;
      if (!delta) return false;
      applyDelta(committed, delta, 'after');
      count(delta, 'before', 'after');
      push({ delta, cut: undefined });
      return true;
    },
    revert() {
      const changed = open;
      const delta = diffMasks(mask, committed, size, open);
      if (delta) applyDelta(mask, delta, 'after');
      open = EMPTY_RECT;
      return changed;
    },
    cut(line) {
      if (!segments) return false;
      const cut = cutSegments(segments, size, line);
      if (cut.count === segments.count) return false;
      segments = cut;
      push({ delta: undefined, cut: line });
      return true;
    },
    setSegments(fresh) {
      base = fresh;
      cutAgain();
    },
    undo() {
      labelling.revert();
      const step = done.pop();
      if (!step) return undefined;
      undone.push(step);
      return move(step, 'after', 'before');
    },
    redo() {
      labelling.revert();
      const step = undone.pop();
      if (!step) return undefined;
      done.push(step);
      return move(step, 'before', 'after');
    },
    canUndo: () => done.length > 0,
    canRedo: () => undone.length > 0,
  };
  return labelling;
}

/** @returns the rectangle around what was set */
function paintSpans(mask: Uint8Array, size: Size, shape: Shape, id: number, onlyUnlabelled: boolean): Rect {
  let changed = EMPTY_RECT;
  shape((y, from, to) => {
    const span = clipRect({ top: y, left: from, height: 1, width: to - from }, size);
    if (span.width === 0) return;
    const start = y * size.width + span.left;
    const end = start + span.width;
    if (!onlyUnlabelled) mask.fill(id, start, end);
    else for (let at = start; at < end; at++) if (mask[at] === UNLABELLED) mask[at] = id;
    changed = union(changed, span);
  });
  return changed;
}

/** @returns the share of the window that has a label, rounded so that 1 means all of it */
export function labelledShare({ counts, mask }: Labelling): number {
  const left = counts[UNLABELLED]!;
  return left === 0 ? 1 : Math.min(0.999, 1 - left / mask.length);
}

/** @returns the mask without values that are no class: a prediction may say what the task does not ask for */
export function onlyClasses(mask: Uint8Array, ids: ReadonlySet<number>): Uint8Array {
  return mask.map((id) => (ids.has(id) ? id : UNLABELLED));
}
