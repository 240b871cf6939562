// The labelling on the screen: leads pointers, keys and buttons to the tool, and what they changed to the screen.
import { effect, signal } from '@preact/signals';
import type { PixelThread } from '../client/pixel-thread.ts';
import { type Point, type Rect, type Shape, wholeOf } from '../geometry/raster.ts';
import { type SuperpixelSize, stepPxOf } from '../geometry/superpixel-steps.ts';
import { pan, reveal, toScreen, zoomAt } from '../geometry/viewport.ts';
import { makeTools } from '../tools/make-tools.ts';
import { onlyClasses } from '../work/labelling.ts';
import { crop } from '../work/prepare-work.ts';
import { listen } from './gestures.ts';
import { createScreen, type ScreenPorts } from './screen.ts';
import { clampTo, createToolContext, type Searches } from './tool-context.ts';

export interface StagePorts extends ScreenPorts {
  readonly thread: PixelThread;
}

export type Stage = ReturnType<typeof createStage>;

export function createStage(ports: StagePorts) {
  const { work, editor, thread, host } = ports;
  const { labelling, task, pictures } = work;
  const { window, size: picture } = task;
  /** The pointer or the keyboard's cursor, in pixels of the window. */
  const cursor = signal<Point | undefined>(undefined);
  /** The size of superpixels that is ready; undefined while they are computed. */
  const segmented = signal<SuperpixelSize | undefined>(undefined);
  const searches = signal<Searches>({ begun: 0, done: 0 });
  let byKeys = false;
  let pressed = false;

  const tool = () => tools[editor.tool.value];
  const screen = createScreen(ports, () => ({ preview: tool().preview?.(), at: cursor.value, byKeys }));
  const stepped = () => {
    work.activeTime.stroke(performance.now());
    work.stepped();
  };
  const tools = makeTools(createToolContext({ work, editor, thread, screen, searches, stepped }));

  const press = (at: Point) => {
    work.activeTime.click(performance.now());
    pressed = true;
    tool().down(at);
  };
  const lift = () => {
    if (!pressed) return;
    pressed = false;
    tool().up();
  };
  const stopListening = listen(host, {
    moves: () => editor.tool.value === 'hand',
    down(at) {
      byKeys = false;
      cursor.value = screen.toWindow(at);
      press(cursor.value);
    },
    drag(path) {
      const points = path.map(screen.toWindow);
      cursor.value = points.at(-1);
      if (pressed) tool().drag(points);
      screen.pointerChanged();
    },
    up: lift,
    abort() {
      pressed = false;
      tool().cancel?.();
      screen.maskChanged(labelling.revert());
    },
    hover(at) {
      // The keyboard's cursor stays where the pointer leaves.
      if (!at && byKeys) return;
      byKeys = false;
      cursor.value = at && screen.toWindow(at);
      if (cursor.value) tool().hover?.(cursor.value);
      work.activeTime.note(performance.now());
      screen.pointerChanged();
    },
    pan: (by) => screen.show(pan(screen.view.value, by)),
    zoom: (factor, at) => screen.show(zoomAt(screen.view.value, factor, at)),
  });

  const stopSegmenting = effect(() => {
    const wanted = editor.superpixels.value;
    segmented.value = undefined;
    void thread.run('segment', pictures.windowRgba, window, stepPxOf(wanted, picture)).then((segments) => {
      // Another size may have been asked for meanwhile.
      if (editor.superpixels.peek() !== wanted) return;
      segmented.value = wanted;
      labelling.setSegments(segments);
      screen.segmentsChanged();
    });
  });
  const stopBrightness = effect(() => screen.brightnessChanged(editor.brightness.value));
  let lastTool = editor.tool.value;
  const stopWatching = effect(() => {
    editor.overlays.value;
    editor.brushPx.value;
    editor.classId.value;
    // A path under way is not carried into another tool.
    if (editor.tool.value !== lastTool) tools[lastTool].cancel?.();
    lastTool = editor.tool.value;
    screen.allChanged();
  });

  /** Moves the keyboard's cursor, which draws where it is pressed. */
  const move = (by: Point) => {
    byKeys = true;
    const from = cursor.value ?? { x: window.width / 2, y: window.height / 2 };
    const at = clampTo(window, { x: from.x + by.x, y: from.y + by.y });
    cursor.value = at;
    if (pressed) tool().drag([at]);
    else tool().hover?.(at);
    screen.show(reveal(screen.view.value, inPicture(at), screen.size()));
  };
  const inPicture = ({ x, y }: Point): Point => ({ x: x + window.left, y: y + window.top });
  const step = (take: () => Rect | undefined) => {
    const segments = labelling.segments();
    const rect = take();
    if (!rect) return;
    screen.maskChanged(rect);
    if (labelling.segments() !== segments) screen.segmentsChanged();
    work.activeTime.note(performance.now());
    work.stepped();
  };
  const commitAll = () => {
    if (!labelling.commit()) return;
    screen.maskChanged(wholeOf(window));
    stepped();
  };
  const everything: Shape = (visit) => {
    for (let y = 0; y < window.height; y++) visit(y, 0, window.width);
  };

  return {
    view: screen.view,
    cursor,
    segmented,
    searches,
    fitWindow: screen.fitWindow,
    fitPicture: screen.fitPicture,
    panBy: (by: Point) => screen.show(pan(screen.view.value, by)),
    /** Around the keyboard's cursor, where it is used, or else the middle. */
    zoomBy(factor: number) {
      const { height, width } = screen.size();
      const middle = { x: width / 2, y: height / 2 };
      const at = byKeys && cursor.value ? toScreen(screen.view.value, inPicture(cursor.value)) : middle;
      screen.show(zoomAt(screen.view.value, factor, at));
    },
    move,
    jumpTo(at: Point) {
      cursor.value = at;
      move({ x: 0, y: 0 });
    },
    pressAtCursor() {
      if (pressed) return;
      move({ x: 0, y: 0 });
      press(cursor.value!);
    },
    lift,
    finish: () => tool().finish?.() ?? false,
    cancel: () => tool().cancel?.() ?? false,
    back: () => tool().back?.() ?? false,
    undo: () => step(labelling.undo),
    redo: () => step(labelling.redo),
    takePrediction() {
      if (!pictures.prediction) return;
      const known = new Set(task.classes.map(({ id }) => id));
      labelling.fillFrom(onlyClasses(crop(pictures.prediction, picture, window), known));
      commitAll();
    },
    fillRest() {
      labelling.paint(everything, editor.classId.value, { onlyUnlabelled: true });
      commitAll();
    },
    /** The mask was changed by others. */
    refresh: () => screen.maskChanged(wholeOf(window)),
    stop() {
      stopListening();
      stopSegmenting();
      stopBrightness();
      stopWatching();
      screen.stop();
    },
  };
}
