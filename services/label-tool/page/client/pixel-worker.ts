// The page's second thread: everything that takes longer than a frame.
import { edgeCost } from '../geometry/edge-cost.ts';
import { type Wires, wiresFrom } from '../geometry/live-wire.ts';
import { decodeMask, encodeMask } from '../geometry/mask-png.ts';
import type { Point, Size } from '../geometry/raster.ts';
import type { Segments } from '../geometry/segments.ts';
import { slic } from '../geometry/slic.ts';

/** Name of the job to what it takes and gives. */
export interface Jobs {
  segment(rgba: Uint8ClampedArray, size: Size, stepPx: number): Segments;
  edges(rgba: Uint8ClampedArray, size: Size): Uint8Array;
  wires(cost: Uint8Array, size: Size, anchor: Point): Wires;
  encode(mask: Uint8Array, size: Size): Uint8Array<ArrayBuffer>;
  decode(png: Uint8Array, size: Size): Uint8Array;
}

const jobs: Jobs = { segment: slic, edges: edgeCost, wires: wiresFrom, encode: encodeMask, decode: decodeMask };

export interface JobMessage {
  readonly id: number;
  readonly job: keyof Jobs;
  readonly args: readonly unknown[];
}

export type JobAnswer =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string };

addEventListener('message', ({ data: { id, job, args } }: MessageEvent<JobMessage>) => {
  postMessage(answer(id, jobs[job] as (...args: readonly unknown[]) => unknown, args));
});

function answer(id: number, work: (...args: readonly unknown[]) => unknown, args: readonly unknown[]): JobAnswer {
  try {
    return { id, result: work(...args) };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}
