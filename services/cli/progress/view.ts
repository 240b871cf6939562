// Where progress is shown. Several steps may be under way at once, each under its own key.
import type { Amount } from './text.ts';

export interface ProgressView {
  /** Begins a step; one that is under way, after a pause for instance, goes on. */
  start(key: string, title: string): void;
  update(key: string, amount: Amount): void;
  /** Ends a step. @param result follows title and seconds on the line that stays: "mIoU 0.581" */
  finish(key: string, result: string): void;
  /** A line that stays, between steps. */
  note(line: string): void;
  /** Ends what is still shown; a view must not outlive its command. */
  close(): void;
}

/** Seconds on any steady clock. */
export type Clock = () => number;

export const processClock: Clock = () => performance.now() / 1000;
