// What moves with the pointer: the brush's ring, the path under way, the keyboard's cursor. It has a canvas of its own, over the scene.
import type { Point, Rect, Size } from '../geometry/raster.ts';
import { toScreen, type Viewport } from '../geometry/viewport.ts';
import type { Preview } from '../tools/tool.ts';

export interface PointerScene {
  readonly view: Viewport;
  readonly screen: Size;
  readonly density: number;
  readonly window: Rect;
  /** In pixels of the window. */
  readonly preview: Preview | undefined;
  /** Diameter in pixels of the window; undefined where the tool has none. */
  readonly brushPx: number | undefined;
  readonly at: Point | undefined;
  /** Whether the keys move it, so that it must be seen. */
  readonly byKeys: boolean;
  readonly color: string;
}

const ANCHOR_RADIUS_PX = 4;
const CROSS_PX = 13;
const CROSS_GAP_PX = 4;

export function drawPointer(context: CanvasRenderingContext2D, scene: PointerScene): void {
  const { view, screen, density, window } = scene;
  const place = ({ x, y }: Point) => toScreen(view, { x: x + window.left, y: y + window.top });
  context.setTransform(density, 0, 0, density, 0, 0);
  context.clearRect(0, 0, screen.width, screen.height);
  if (scene.preview) drawPath(context, scene.preview, place, scene.color);
  if (!scene.at) return;
  const at = place(scene.at);
  if (scene.brushPx !== undefined) {
    context.beginPath();
    context.arc(at.x, at.y, Math.max(2, (scene.brushPx * view.scale) / 2), 0, 2 * Math.PI);
    strokeTwice(context, scene.color, 1.5);
  }
  if (scene.byKeys) drawCross(context, at, scene.color);
}

function drawPath(
  context: CanvasRenderingContext2D,
  { path, anchors, closed }: Preview,
  place: (at: Point) => Point,
  color: string,
): void {
  context.beginPath();
  for (const at of path) {
    const { x, y } = place(at);
    context.lineTo(x, y);
  }
  if (closed) context.closePath();
  strokeTwice(context, color, 2);
  for (const anchor of anchors) {
    const { x, y } = place(anchor);
    context.beginPath();
    context.arc(x, y, ANCHOR_RADIUS_PX, 0, 2 * Math.PI);
    context.fillStyle = '#ffffff';
    context.fill();
    strokeTwice(context, color, 1.5);
  }
}

function drawCross(context: CanvasRenderingContext2D, { x, y }: Point, color: string): void {
  context.beginPath();
  for (const [dx, dy] of [
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1],
  ] as const) {
    context.moveTo(x + dx * CROSS_GAP_PX, y + dy * CROSS_GAP_PX);
    context.lineTo(x + dx * CROSS_PX, y + dy * CROSS_PX);
  }
  strokeTwice(context, color, 2);
}

/** Dark, light and the class's colour: seen on any ground. */
function strokeTwice(context: CanvasRenderingContext2D, color: string, widthPx: number): void {
  for (const [style, width] of [
    ['rgb(0 0 0 / 0.75)', widthPx + 2.5],
    ['#ffffff', widthPx + 1],
    [color, widthPx],
  ] as const) {
    context.strokeStyle = style;
    context.lineWidth = width;
    context.stroke();
  }
}
