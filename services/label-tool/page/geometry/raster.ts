// Shapes that the geometry shares. Pixel (x, y) covers [x, x + 1) by [y, y + 1); its middle is (x + 0.5, y + 0.5).

export interface Size {
  readonly height: number;
  readonly width: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Rect extends Size {
  readonly top: number;
  readonly left: number;
}

/** Hears the pixels left <= x < right of row y. Rows and columns may lie outside of any image: who listens clips. */
export type VisitSpan = (y: number, left: number, right: number) => void;

/** Draws a shape by naming its spans. */
export type Shape = (visit: VisitSpan) => void;

export const EMPTY_RECT: Rect = { top: 0, left: 0, height: 0, width: 0 };

export function isEmpty(rect: Rect): boolean {
  return rect.height <= 0 || rect.width <= 0;
}

/** @returns the smallest rectangle around both */
export function union(a: Rect, b: Rect): Rect {
  if (isEmpty(a)) return b;
  if (isEmpty(b)) return a;
  const top = Math.min(a.top, b.top);
  const left = Math.min(a.left, b.left);
  const bottom = Math.max(a.top + a.height, b.top + b.height);
  const right = Math.max(a.left + a.width, b.left + b.width);
  return { top, left, height: bottom - top, width: right - left };
}

/** @returns what of the rectangle lies inside the size */
export function clipRect(rect: Rect, size: Size): Rect {
  const top = Math.max(0, rect.top);
  const left = Math.max(0, rect.left);
  const bottom = Math.min(size.height, rect.top + rect.height);
  const right = Math.min(size.width, rect.left + rect.width);
  if (bottom <= top || right <= left) return EMPTY_RECT;
  return { top, left, height: bottom - top, width: right - left };
}

export function wholeOf(size: Size): Rect {
  return { top: 0, left: 0, height: size.height, width: size.width };
}
