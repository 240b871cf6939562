// What an action of an annotator takes, by the keystroke-level model (Card, Moran and Newell, 1980), in seconds: stated, not measured on
// people.
const POINT_S = 1.1;
const PRESS_OR_RELEASE_S = 0.1;
export const KEY_S = 0.28;
/** Deciding what to do next: once an object, whatever tool. */
export const DECIDE_S = 1.35;
/**
 * Steering from one superpixel into the next, slowly and fast. The model has no such action, and the result hangs on it: so both are shown.
 */
export const ACROSS_S = [0.35, 0.15] as const;

export const CLICK_S = POINT_S + 2 * PRESS_OR_RELEASE_S;

/** A straight line: press at its start, point at its end, release. */
export const LINE_S = CLICK_S + POINT_S;

export interface Effort {
  readonly seconds: number;
  /** Presses of the pointer. */
  readonly clicks: number;
  /** Share of the pixels that have a class in which the labels agree with the truth. */
  readonly agreement: number;
}
