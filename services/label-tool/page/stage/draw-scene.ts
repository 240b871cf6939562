// Puts the layers together on the screen, all of them or the part that changed.
import { clipRect, isEmpty, type Rect, type Size, wholeOf } from '../geometry/raster.ts';
import { visitEdges } from '../geometry/segment-edges.ts';
import type { Segments } from '../geometry/segments.ts';
import { toPicture, toScreen, type Viewport } from '../geometry/viewport.ts';
import type { OverlayName, OverlayState } from '../work/editor.ts';
import type { Layer, Layers } from './layers.ts';

export interface Scene {
  readonly layers: Layers;
  readonly picture: Size;
  readonly window: Rect;
  readonly segments: Segments | undefined;
  readonly overlays: Readonly<Record<OverlayName, OverlayState>>;
  readonly view: Viewport;
  readonly screen: Size;
  /** Pixels of the device to one of CSS. */
  readonly density: number;
}

const ORDER: readonly OverlayName[] = ['existing', 'prediction', 'entropy', 'labels', 'holes'];
const DIMMED = 'rgb(12 14 20 / 0.62)';
/** From this scale on, boundaries are lines between pixels; below, pixels. */
const LINES_FROM_SCALE = 3;
/** Where pixels are so small, they are smoothed. */
const SMOOTH_BELOW_SCALE = 1;
/** Around what is drawn again, in pixels of the picture: smoothing and lines reach over. */
const BLEED_PX = 2;

/** @param part in pixels of the picture; without it everything */
export function drawScene(context: CanvasRenderingContext2D, scene: Scene, part?: Rect): void {
  const { view, screen, density } = scene;
  const visible = visibleRect(scene);
  const rect = part ? clipRect(grow(part), scene.picture) : visible;
  context.save();
  context.setTransform(density, 0, 0, density, 0, 0);
  if (part) clipTo(context, part, view, density);
  context.clearRect(0, 0, screen.width, screen.height);
  if (!isEmpty(rect)) {
    context.setTransform(density * view.scale, 0, 0, density * view.scale, density * view.x, density * view.y);
    context.imageSmoothingEnabled = view.scale < SMOOTH_BELOW_SCALE;
    drawLayer(context, scene.layers.image, rect, 1);
    dimOutside(context, rect, scene.window);
    for (const name of ORDER) drawOverlay(context, scene, name, rect);
    drawBoundaries(context, scene, rect);
  }
  context.restore();
  context.save();
  context.setTransform(density, 0, 0, density, 0, 0);
  drawFrame(context, scene);
  context.restore();
}

function grow({ top, left, height, width }: Rect): Rect {
  return { top: top - BLEED_PX, left: left - BLEED_PX, height: height + 2 * BLEED_PX, width: width + 2 * BLEED_PX };
}

/** @returns the pixels of the picture that the screen shows, at least in part */
export function visibleRect({ view, screen, picture }: Pick<Scene, 'view' | 'screen' | 'picture'>): Rect {
  const { x, y } = toPicture(view, { x: 0, y: 0 });
  const end = toPicture(view, { x: screen.width, y: screen.height });
  const top = Math.floor(y);
  const left = Math.floor(x);
  return clipRect({ top, left, height: Math.ceil(end.y) - top, width: Math.ceil(end.x) - left }, picture);
}

/** Whole pixels of the device, or the borders of what is drawn again would be blended twice. */
function clipTo(context: CanvasRenderingContext2D, part: Rect, view: Viewport, density: number): void {
  const from = toScreen(view, { x: part.left - 1, y: part.top - 1 });
  const to = toScreen(view, { x: part.left + part.width + 1, y: part.top + part.height + 1 });
  const left = Math.floor(from.x * density) / density;
  const top = Math.floor(from.y * density) / density;
  context.beginPath();
  context.rect(left, top, Math.ceil(to.x * density) / density - left, Math.ceil(to.y * density) / density - top);
  context.clip();
}

function drawOverlay(
  context: CanvasRenderingContext2D,
  { layers, overlays }: Scene,
  name: OverlayName,
  rect: Rect,
): void {
  const layer = layers.overlays[name];
  if (layer && overlays[name].shown) drawLayer(context, layer, rect, overlays[name].opacity);
}

function drawLayer(context: CanvasRenderingContext2D, { canvas, top, left }: Layer, rect: Rect, opacity: number): void {
  const own = { top: rect.top - top, left: rect.left - left, height: rect.height, width: rect.width };
  const part = clipRect(own, canvas);
  if (isEmpty(part)) return;
  context.globalAlpha = opacity;
  const { left: x, top: y, width, height } = part;
  context.drawImage(canvas, x, y, width, height, left + x, top + y, width, height);
  context.globalAlpha = 1;
}

function dimOutside(context: CanvasRenderingContext2D, rect: Rect, window: Rect): void {
  context.fillStyle = DIMMED;
  context.beginPath();
  context.rect(rect.left, rect.top, rect.width, rect.height);
  context.rect(window.left, window.top, window.width, window.height);
  context.save();
  context.clip('evenodd');
  context.fillRect(rect.left, rect.top, rect.width, rect.height);
  context.restore();
}

function drawBoundaries(context: CanvasRenderingContext2D, scene: Scene, rect: Rect): void {
  const { segments, window, view, overlays, density } = scene;
  if (!segments || !overlays.boundaries.shown) return;
  if (view.scale < LINES_FROM_SCALE) {
    drawOverlay(context, scene, 'boundaries', rect);
    return;
  }
  const own = { top: rect.top - window.top, left: rect.left - window.left, height: rect.height, width: rect.width };
  context.beginPath();
  visitEdges(segments.ids, window, clipRect(own, window), (x1, y1, x2, y2) => {
    context.moveTo(window.left + x1, window.top + y1);
    context.lineTo(window.left + x2, window.top + y2);
  });
  const { opacity } = overlays.boundaries;
  // Dark under light, so that lines are seen on any ground.
  for (const [color, widthPx] of [
    [`rgb(0 0 0 / ${opacity * 0.6})`, 2.2],
    [`rgb(255 255 255 / ${opacity})`, 1],
  ] as const) {
    context.strokeStyle = color;
    context.lineWidth = Math.max(widthPx, 1 / density) / view.scale;
    context.stroke();
  }
}

function drawFrame(context: CanvasRenderingContext2D, { window, picture, view }: Scene): void {
  const whole = wholeOf(picture);
  if (window.height === whole.height && window.width === whole.width) return;
  const { x, y } = toScreen(view, { x: window.left, y: window.top });
  const width = window.width * view.scale;
  const height = window.height * view.scale;
  for (const [color, widthPx] of [
    ['#0b0d12', 5],
    ['#ffd54a', 2.5],
  ] as const) {
    context.strokeStyle = color;
    context.lineWidth = widthPx;
    context.strokeRect(x - 2, y - 2, width + 4, height + 4);
  }
}
