// What the tools are given: the labelling, the annotator's choices, and the screen that must be told.
import type { Signal } from '@preact/signals';
import { UNLABELLED } from '../../api-types.ts';
import type { PixelThread } from '../client/pixel-thread.ts';
import type { Point, Size } from '../geometry/raster.ts';
import type { ToolContext } from '../tools/tool.ts';
import type { Editor } from '../work/editor.ts';
import type { Work } from '../work/work.ts';
import type { Screen } from './screen.ts';

/** How near, on the screen, a click is to a point that it means. */
const NEAR_SCREEN_PX = 9;

export interface Searches {
  readonly begun: number;
  readonly done: number;
}

export interface ToolContextPorts {
  readonly work: Work;
  readonly editor: Editor;
  readonly thread: PixelThread;
  readonly screen: Screen;
  /** For smart boundaries. */
  readonly searches: Signal<Searches>;
  /** A step was made. */
  stepped(): void;
}

export function createToolContext({ work, editor, thread, screen, searches, stepped }: ToolContextPorts): ToolContext {
  const { labelling, task, pictures } = work;
  const { window, size: picture } = task;
  let edges: Promise<Uint8Array> | undefined;
  return {
    labelling,
    classId: () => editor.classId.value,
    brushPx: () => editor.brushPx.value,
    paint(shape, id) {
      // An eraser that leaves labels alone would do nothing.
      const onlyUnlabelled = editor.onlyUnlabelled.value && id !== UNLABELLED;
      screen.maskChanged(labelling.paint(shape, id, { onlyUnlabelled }));
    },
    commit() {
      if (labelling.commit()) stepped();
    },
    cut(line) {
      if (!labelling.cut(line)) return;
      screen.segmentsChanged();
      stepped();
    },
    pick(id) {
      editor.classId.value = id;
    },
    knownClass({ x, y }) {
      const at = (Math.floor(y) + window.top) * picture.width + Math.floor(x) + window.left;
      const found = [pictures.label?.[at], pictures.prediction?.[at]];
      return found.find((id) => task.classes.some((known) => known.id === id));
    },
    async wiresFrom(anchor) {
      searches.value = { ...searches.value, begun: searches.value.begun + 1 };
      edges ??= thread.run('edges', pictures.windowRgba, window);
      const wires = await thread.run('wires', await edges, window, clampTo(window, anchor));
      searches.value = { ...searches.value, done: searches.value.done + 1 };
      return wires;
    },
    redraw: screen.pointerChanged,
    nearPx: () => NEAR_SCREEN_PX / screen.view.value.scale,
  };
}

/** @returns the point, moved into the middle of a pixel of the border where it is outside */
export function clampTo({ height, width }: Size, { x, y }: Point): Point {
  return { x: Math.min(width - 0.5, Math.max(0.5, x)), y: Math.min(height - 0.5, Math.max(0.5, y)) };
}
