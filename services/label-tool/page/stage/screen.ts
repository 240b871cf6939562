// What is seen: draws the scene and the pointer when something changed, at most once a frame, and only the part that changed.
import { signal } from '@preact/signals';
import { EMPTY_RECT, isEmpty, type Point, type Rect, type Size, union, wholeOf } from '../geometry/raster.ts';
import { fitTo, keepInSight, toPicture, type Viewport } from '../geometry/viewport.ts';
import type { Editor } from '../work/editor.ts';
import type { Work } from '../work/work.ts';
import { drawPointer, type PointerScene } from './draw-pointer.ts';
import { drawScene } from './draw-scene.ts';
import { createLayers } from './layers.ts';

export interface ScreenPorts {
  readonly work: Work;
  readonly editor: Editor;
  /** Below, the scene; above, what moves with the pointer. Both fill the host. */
  readonly scene: HTMLCanvasElement;
  readonly overlay: HTMLCanvasElement;
  readonly host: HTMLElement;
}

/** What of the pointer is seen, asked for each frame. */
export type PointerLook = () => Pick<PointerScene, 'preview' | 'at' | 'byKeys'>;

export type Screen = ReturnType<typeof createScreen>;

export function createScreen({ work, editor, scene, overlay, host }: ScreenPorts, look: PointerLook) {
  const { labelling, task } = work;
  const { window, size: picture } = task;
  const layers = createLayers(work);
  const view = signal<Viewport>(fitTo(window, { height: 1, width: 1 }));
  let size: Size | undefined;
  let dirty: Rect | 'all' = 'all';
  let frame = 0;

  const draw = () => {
    frame = 0;
    if (!size) return;
    const base = { view: view.value, screen: size, density: devicePixelRatio, window };
    if (dirty === 'all' || !isEmpty(dirty)) {
      const part = dirty === 'all' ? undefined : dirty;
      const overlays = editor.overlays.value;
      drawScene(scene.getContext('2d')!, { ...base, layers, picture, segments: labelling.segments(), overlays }, part);
      dirty = EMPTY_RECT;
    }
    const hasBrush = editor.tool.value === 'brush' || editor.tool.value === 'eraser';
    drawPointer(overlay.getContext('2d')!, {
      ...base,
      ...look(),
      brushPx: hasBrush ? editor.brushPx.value : undefined,
      color: task.classes.find(({ id }) => id === editor.classId.value)?.color ?? '#888888',
    });
  };
  const request = (part: Rect | 'all') => {
    dirty = part === 'all' || dirty === 'all' ? 'all' : union(dirty, part);
    frame ||= requestAnimationFrame(draw);
  };
  const show = (next: Viewport) => {
    view.value = size ? keepInSight(next, picture, size) : next;
    request('all');
  };
  const resize = () => {
    const { clientHeight: height, clientWidth: width } = host;
    if (height === 0 || width === 0) return;
    const isFirst = !size;
    size = { height, width };
    for (const canvas of [scene, overlay]) {
      canvas.width = Math.round(width * devicePixelRatio);
      canvas.height = Math.round(height * devicePixelRatio);
    }
    show(isFirst ? fitTo(window, size) : view.value);
  };
  const observer = new ResizeObserver(resize);
  observer.observe(host);

  return {
    view,
    /** In CSS pixels; one before it is known. */
    size: (): Size => size ?? { height: 1, width: 1 },
    show,
    fitWindow: () => size && show(fitTo(window, size)),
    fitPicture: () => size && show(fitTo(wholeOf(picture), size)),
    toWindow(at: Point): Point {
      const { x, y } = toPicture(view.value, at);
      return { x: x - window.left, y: y - window.top };
    },
    pointerChanged: () => request(EMPTY_RECT),
    allChanged: () => request('all'),
    /** @param rect in pixels of the window */
    maskChanged(rect: Rect) {
      layers.maskChanged(rect);
      if (!isEmpty(rect)) request({ ...rect, top: rect.top + window.top, left: rect.left + window.left });
    },
    brightnessChanged(brightness: number) {
      layers.brightnessChanged(brightness);
      request('all');
    },
    segmentsChanged() {
      const segments = labelling.segments();
      if (segments) layers.segmentsChanged(segments);
      request('all');
    },
    stop() {
      observer.disconnect();
      cancelAnimationFrame(frame);
    },
  };
}
