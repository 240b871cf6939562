// The labelling on the screen: draws it when something changed, at most once a frame, and leads pointers and keys to the tool.
import { effect, signal } from '@preact/signals';
import { UNLABELLED } from '../../api-types.ts';
import type { PixelThread } from '../client/pixel-thread.ts';
import { EMPTY_RECT, isEmpty, type Point, type Rect, type Size, union, wholeOf } from '../geometry/raster.ts';
import { stepPxOf } from '../geometry/superpixel-steps.ts';
import { fitTo, keepInSight, pan, reveal, toPicture, toScreen, type Viewport, zoomAt } from '../geometry/viewport.ts';
import { makeTools } from '../tools/make-tools.ts';
import type { Tool, ToolContext } from '../tools/tool.ts';
import type { Editor } from '../work/editor.ts';
import { onlyClasses } from '../work/labelling.ts';
import { crop } from '../work/prepare-work.ts';
import type { Work } from '../work/work.ts';
import { drawPointer } from './draw-pointer.ts';
import { drawScene } from './draw-scene.ts';
import { listen } from './gestures.ts';
import { createLayers } from './layers.ts';

export interface StagePorts {
  readonly work: Work;
  readonly editor: Editor;
  readonly thread: PixelThread;
  /** Below, the scene; above, what moves with the pointer. Both fill `host`, which hears the pointer. */
  readonly scene: HTMLCanvasElement;
  readonly overlay: HTMLCanvasElement;
  readonly host: HTMLElement;
}

/** How near, on the screen, a click is to a point that it means. */
const NEAR_SCREEN_PX = 9;

export type Stage = ReturnType<typeof createStage>;

export function createStage({ work, editor, thread, scene, overlay, host }: StagePorts) {
  const { labelling, task, pictures } = work;
  const { window, size: picture } = task;
  const layers = createLayers(work);
  const view = signal<Viewport>(fitTo(window, { height: 1, width: 1 }));
  /** The pointer or the keyboard's cursor, in pixels of the window. */
  const cursor = signal<Point | undefined>(undefined);
  const segmenting = signal(false);
  let byKeys = false;
  let pressed = false;
  let screen: Size = { height: 1, width: 1 };
  let dirty: Rect | 'all' = 'all';
  let frame = 0;
  let edges: Promise<Uint8Array> | undefined;

  const draw = () => {
    frame = 0;
    const density = devicePixelRatio;
    const base = { view: view.value, screen, density, window };
    if (dirty === 'all' || !isEmpty(dirty)) {
      const part = dirty === 'all' ? undefined : dirty;
      const overlays = editor.overlays.value;
      drawScene(scene.getContext('2d')!, { ...base, layers, picture, segments: labelling.segments(), overlays }, part);
      dirty = EMPTY_RECT;
    }
    const hasBrush = editor.tool.value === 'brush' || editor.tool.value === 'eraser';
    drawPointer(overlay.getContext('2d')!, {
      ...base,
      preview: tool().preview?.(),
      brushPx: hasBrush ? editor.brushPx.value : undefined,
      at: cursor.value,
      byKeys,
      color: task.classes.find(({ id }) => id === editor.classId.value)?.color ?? '#888888',
    });
  };
  const request = (part: Rect | 'all') => {
    dirty = part === 'all' || dirty === 'all' ? 'all' : union(dirty, part);
    frame ||= requestAnimationFrame(draw);
  };
  const changed = (rect: Rect) => {
    layers.maskChanged(rect);
    if (!isEmpty(rect)) request({ ...rect, top: rect.top + window.top, left: rect.left + window.left });
  };
  const show = (next: Viewport) => {
    view.value = keepInSight(next, picture, screen);
    request('all');
  };
  const segmentsChanged = () => {
    const segments = labelling.segments();
    if (segments) layers.segmentsChanged(segments);
    request('all');
  };
  const toWindow = (at: Point): Point => {
    const { x, y } = toPicture(view.value, at);
    return { x: x - window.left, y: y - window.top };
  };

  const context: ToolContext = {
    labelling,
    classId: () => editor.classId.value,
    brushPx: () => editor.brushPx.value,
    paint(shape, id) {
      // Nothing to protect from an eraser.
      const onlyUnlabelled = editor.onlyUnlabelled.value && id !== UNLABELLED;
      changed(labelling.paint(shape, id, { onlyUnlabelled }));
    },
    commit() {
      if (labelling.commit()) stepped();
    },
    changed,
    cut(line) {
      if (!labelling.cut(line)) return;
      segmentsChanged();
      stepped();
    },
    pick(id) {
      editor.classId.value = id;
    },
    knownClass({ x, y }) {
      const at = (Math.floor(y) + window.top) * picture.width + Math.floor(x) + window.left;
      return [pictures.label?.[at], pictures.prediction?.[at]].find((id) =>
        task.classes.some((known) => known.id === id),
      );
    },
    async wiresFrom(anchor) {
      edges ??= thread.run('edges', pictures.windowRgba, window);
      return thread.run('wires', await edges, window, clampToWindow(anchor));
    },
    redraw: () => request(EMPTY_RECT),
    nearPx: () => NEAR_SCREEN_PX / view.value.scale,
  };
  const tools = makeTools(context);
  const tool = (): Tool => tools[editor.tool.value];
  const clampToWindow = ({ x, y }: Point): Point => ({
    x: Math.min(window.width - 0.5, Math.max(0.5, x)),
    y: Math.min(window.height - 0.5, Math.max(0.5, y)),
  });
  const stepped = () => {
    work.activeTime.stroke(performance.now());
    work.stepped();
  };

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
  const abort = () => {
    pressed = false;
    tool().cancel?.();
    changed(labelling.revert());
  };
  const stopListening = listen(host, {
    moves: () => editor.tool.value === 'hand',
    down(at) {
      byKeys = false;
      cursor.value = toWindow(at);
      press(cursor.value);
    },
    drag(path) {
      const points = path.map(toWindow);
      cursor.value = points.at(-1);
      if (pressed) tool().drag(points);
      request(EMPTY_RECT);
    },
    up: lift,
    abort,
    hover(at) {
      if (!at && byKeys) return;
      byKeys = false;
      cursor.value = at && toWindow(at);
      if (cursor.value) tool().hover?.(cursor.value);
      work.activeTime.note(performance.now());
      request(EMPTY_RECT);
    },
    pan: (by) => show(pan(view.value, by)),
    zoom: (factor, at) => show(zoomAt(view.value, factor, at)),
  });

  const resize = () => {
    const { clientHeight: height, clientWidth: width } = host;
    if (height === 0 || width === 0) return;
    const first = screen.width === 1;
    screen = { height, width };
    for (const canvas of [scene, overlay]) {
      canvas.width = Math.round(width * devicePixelRatio);
      canvas.height = Math.round(height * devicePixelRatio);
    }
    show(first ? fitTo(window, screen) : view.value);
  };
  const observer = new ResizeObserver(resize);
  observer.observe(host);

  let wantedStepPx = 0;
  const stopSegmenting = effect(() => {
    const stepPx = stepPxOf(editor.superpixels.value, picture);
    wantedStepPx = stepPx;
    segmenting.value = true;
    void thread.run('segment', pictures.windowRgba, window, stepPx).then((segments) => {
      // Another size may have been asked for meanwhile.
      if (wantedStepPx !== stepPx) return;
      segmenting.value = false;
      labelling.setSegments(segments);
      segmentsChanged();
    });
  });
  let lastTool = editor.tool.value;
  const stopWatching = effect(() => {
    editor.overlays.value;
    editor.brushPx.value;
    editor.classId.value;
    // A path under way is not carried into another tool.
    if (editor.tool.value !== lastTool) tools[lastTool].cancel?.();
    lastTool = editor.tool.value;
    request('all');
  });

  const move = (by: Point) => {
    byKeys = true;
    const from = cursor.value ?? { x: window.width / 2, y: window.height / 2 };
    const at = clampToWindow({ x: from.x + by.x, y: from.y + by.y });
    cursor.value = at;
    if (pressed) tool().drag([at]);
    else tool().hover?.(at);
    show(reveal(view.value, { x: at.x + window.left, y: at.y + window.top }, screen));
  };
  const step = (move: () => Rect | undefined) => {
    const segments = labelling.segments();
    const rect = move();
    if (!rect) return;
    changed(rect);
    if (labelling.segments() !== segments) segmentsChanged();
    work.activeTime.note(performance.now());
    work.stepped();
  };
  const whole = () => {
    if (labelling.commit()) {
      changed(wholeOf(window));
      stepped();
    }
  };
  return {
    view,
    cursor,
    segmenting,
    fitWindow: () => show(fitTo(window, screen)),
    fitPicture: () => show(fitTo(wholeOf(picture), screen)),
    zoomBy(factor: number) {
      const at =
        byKeys && cursor.value ? { x: cursor.value.x + window.left, y: cursor.value.y + window.top } : undefined;
      const place = at ? toScreen(view.value, at) : { x: screen.width / 2, y: screen.height / 2 };
      show(zoomAt(view.value, factor, place));
    },
    panBy: (by: Point) => show(pan(view.value, by)),
    move,
    pressAtCursor() {
      if (pressed) return;
      move({ x: 0, y: 0 });
      press(cursor.value!);
    },
    lift,
    jumpTo(at: Point) {
      cursor.value = at;
      move({ x: 0, y: 0 });
    },
    undo: () => step(labelling.undo),
    redo: () => step(labelling.redo),
    finish: () => tool().finish?.() ?? false,
    cancel: () => tool().cancel?.() ?? false,
    back: () => tool().back?.() ?? false,
    takePrediction() {
      if (!pictures.prediction) return;
      const known = new Set(task.classes.map(({ id }) => id));
      labelling.fillFrom(onlyClasses(crop(pictures.prediction, picture, window), known));
      whole();
    },
    fillRest() {
      labelling.paint((visit) => everyRow(window, visit), editor.classId.value, { onlyUnlabelled: true });
      whole();
    },
    /** The mask was changed by others. */
    refresh: () => changed(wholeOf(window)),
    stop() {
      stopListening();
      stopSegmenting();
      stopWatching();
      observer.disconnect();
      cancelAnimationFrame(frame);
    },
  };
}

function everyRow({ height, width }: Size, visit: (y: number, left: number, right: number) => void): void {
  for (let y = 0; y < height; y++) visit(y, 0, width);
}
