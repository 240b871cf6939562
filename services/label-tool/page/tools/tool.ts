// What a tool is: it hears the pointer, in pixels of the window, and draws into the labelling.
import type { Wires } from '../geometry/live-wire.ts';
import type { Point, Shape } from '../geometry/raster.ts';
import type { Labelling } from '../work/labelling.ts';

/** What tools need of the page. */
export interface ToolContext {
  readonly labelling: Labelling;
  classId(): number;
  brushPx(): number;
  /** Sets what the shape covers, as the options of the annotator say. */
  paint(shape: Shape, id: number): void;
  /** Closes a stroke, where it changed anything. */
  commit(): void;
  cut(line: readonly Point[]): void;
  pick(id: number): void;
  /** What is known of a pixel beside the mask: its label, else its prediction. */
  knownClass(at: Point): number | undefined;
  /** Cheapest ways to an anchor, computed on the other thread. */
  wiresFrom(anchor: Point): Promise<Wires>;
  /** The preview has changed. */
  redraw(): void;
  /** Screen pixels as pixels of the window: how near is near. */
  nearPx(): number;
}

/** What a tool shows while it is used: points joined by lines, in pixels of the window. */
export interface Preview {
  readonly path: readonly Point[];
  readonly anchors: readonly Point[];
  readonly closed: boolean;
}

export interface Tool {
  down(at: Point): void;
  /** While pressed: where the pointer went since the last call. */
  drag(path: readonly Point[]): void;
  up(): void;
  /** While not pressed. */
  hover?(at: Point): void;
  /** The annotator ends, gives up, or takes back a point of, what takes several clicks. @returns whether there was anything */
  finish?(): boolean;
  cancel?(): boolean;
  back?(): boolean;
  preview?(): Preview | undefined;
}
