// Where the picture lies on the screen: screen = offset + scale * picture, in CSS pixels.
import type { Point, Rect, Size } from './raster.ts';

export interface Viewport {
  /** CSS pixels a pixel of the picture. */
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export const SMALLEST_SCALE = 0.1;
export const LARGEST_SCALE = 64;
/** How much of the screen stays free around what is fitted. */
const MARGIN_SHARE = 0.06;
/** How much of the picture must stay in sight, in CSS pixels. */
const KEPT_IN_SIGHT_PX = 64;

/** @returns the viewport in which the rectangle fills the screen */
export function fitTo(rect: Rect, screen: Size): Viewport {
  const room = 1 - 2 * MARGIN_SHARE;
  const scale = limitScale(Math.min((screen.width * room) / rect.width, (screen.height * room) / rect.height));
  return {
    scale,
    x: screen.width / 2 - scale * (rect.left + rect.width / 2),
    y: screen.height / 2 - scale * (rect.top + rect.height / 2),
  };
}

/** @param at the place on the screen that stays where it is */
export function zoomAt(view: Viewport, factor: number, at: Point): Viewport {
  const scale = limitScale(view.scale * factor);
  const change = scale / view.scale;
  return { scale, x: at.x - (at.x - view.x) * change, y: at.y - (at.y - view.y) * change };
}

export function pan(view: Viewport, by: Point): Viewport {
  return { ...view, x: view.x + by.x, y: view.y + by.y };
}

/** @returns the viewport moved back so far that the picture cannot get lost */
export function keepInSight(view: Viewport, picture: Size, screen: Size): Viewport {
  const within = (offset: number, length: number, room: number) =>
    Math.min(room - KEPT_IN_SIGHT_PX, Math.max(KEPT_IN_SIGHT_PX - length * view.scale, offset));
  return {
    ...view,
    x: within(view.x, picture.width, screen.width),
    y: within(view.y, picture.height, screen.height),
  };
}

/** @returns the viewport moved so far that the place is on the screen, with some room around it */
export function reveal(view: Viewport, place: Point, screen: Size): Viewport {
  const room = Math.min(screen.width, screen.height) * MARGIN_SHARE;
  const shift = (at: number, length: number) => Math.max(0, room - at) - Math.max(0, at - (length - room));
  const { x, y } = toScreen(view, place);
  return pan(view, { x: shift(x, screen.width), y: shift(y, screen.height) });
}

export function toScreen(view: Viewport, { x, y }: Point): Point {
  return { x: view.x + view.scale * x, y: view.y + view.scale * y };
}

export function toPicture(view: Viewport, { x, y }: Point): Point {
  return { x: (x - view.x) / view.scale, y: (y - view.y) / view.scale };
}

function limitScale(scale: number): number {
  return Math.min(LARGEST_SCALE, Math.max(SMALLEST_SCALE, scale));
}
