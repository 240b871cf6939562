// Pointers into what they mean: one draws; two fingers, the middle or the right button move the picture. Once a pen was seen, fingers
// only move the picture, so that a resting hand draws nothing.
import type { Point } from '../geometry/raster.ts';

export interface Gestures {
  down(at: Point): void;
  drag(path: readonly Point[]): void;
  up(): void;
  /** What was begun with one finger was the start of a pinch. */
  abort(): void;
  hover(at: Point | undefined): void;
  pan(by: Point): void;
  zoom(factor: number, at: Point): void;
  /** Whether one pointer moves the picture, too. */
  moves(): boolean;
}

const WHEEL_STEP = 0.0016;
const LINE_PX = 16;

/** @returns a function that stops listening */
export function listen(element: HTMLElement, gestures: Gestures): () => void {
  const pointers = new Map<number, Point>();
  let mode: 'draw' | 'move' | undefined;
  let penSeen = false;
  const control = new AbortController();
  const on = <Type extends keyof HTMLElementEventMap>(type: Type, hear: (event: HTMLElementEventMap[Type]) => void) =>
    element.addEventListener(type, hear, { signal: control.signal, passive: false });
  const placeOf = (event: MouseEvent): Point => {
    const { left, top } = element.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };

  on('pointerdown', (event) => {
    element.setPointerCapture(event.pointerId);
    element.focus({ preventScroll: true });
    if (event.pointerType === 'pen') penSeen = true;
    pointers.set(event.pointerId, placeOf(event));
    if (pointers.size > 1) {
      if (mode === 'draw') gestures.abort();
      mode = 'move';
    } else if (event.button !== 0 || gestures.moves() || (penSeen && event.pointerType === 'touch')) mode = 'move';
    else {
      mode = 'draw';
      gestures.down(placeOf(event));
    }
    event.preventDefault();
  });
  on('pointermove', (event) => {
    const last = pointers.get(event.pointerId);
    if (!last) return gestures.hover(placeOf(event));
    if (mode === 'draw') {
      // The browser bundles movements to frames; a fast stroke needs them all.
      const events = event.getCoalescedEvents();
      gestures.drag((events.length > 0 ? events : [event]).map(placeOf));
    } else if (mode === 'move') move(event.pointerId, last, placeOf(event));
    pointers.set(event.pointerId, placeOf(event));
  });
  const end = (event: PointerEvent) => {
    if (!pointers.delete(event.pointerId)) return;
    if (mode === 'draw') event.type === 'pointercancel' ? gestures.abort() : gestures.up();
    if (pointers.size === 0 || mode === 'draw') mode = undefined;
  };
  on('pointerup', end);
  on('pointercancel', end);
  on('pointerleave', () => gestures.hover(undefined));
  on('contextmenu', (event) => event.preventDefault());
  on('wheel', (event) => {
    event.preventDefault();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PX : 1;
    if (event.shiftKey) {
      gestures.pan({ x: -(event.deltaX || event.deltaY) * unit, y: 0 });
      return;
    }
    // A pinch on a touchpad comes as a wheel with Ctrl and small steps.
    const strength = event.ctrlKey ? 6 : 1;
    gestures.zoom(Math.exp(-event.deltaY * unit * WHEEL_STEP * strength), placeOf(event));
  });

  function move(id: number, from: Point, to: Point): void {
    const other = [...pointers].find(([otherId]) => otherId !== id)?.[1];
    if (!other) {
      gestures.pan({ x: to.x - from.x, y: to.y - from.y });
      return;
    }
    const before = Math.hypot(from.x - other.x, from.y - other.y);
    const after = Math.hypot(to.x - other.x, to.y - other.y);
    gestures.pan({ x: (to.x - from.x) / 2, y: (to.y - from.y) / 2 });
    if (before > 0) gestures.zoom(after / before, { x: (to.x + other.x) / 2, y: (to.y + other.y) / 2 });
  }
  return () => control.abort();
}
