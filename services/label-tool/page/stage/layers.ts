// The picture and everything that lies over it, each on a canvas of its own at the picture's pixels, so that a frame only puts them together.
import type { AnnotationTask } from '../../api-types.ts';
import { clipRect, type Rect, type Size, wholeOf } from '../geometry/raster.ts';
import { boundaryPixels } from '../geometry/segment-edges.ts';
import type { Segments } from '../geometry/segments.ts';
import type { OverlayName } from '../work/editor.ts';
import type { Work } from '../work/work.ts';
import { type Colors, colorize, colorsOfClasses, colorsOfEntropy, hatchHoles } from './colors.ts';

export interface Layer {
  readonly canvas: OffscreenCanvas;
  /** Of its top left pixel, in pixels of the picture. */
  readonly top: number;
  readonly left: number;
}

export interface Layers {
  readonly image: Layer;
  readonly overlays: Readonly<Record<OverlayName, Layer | undefined>>;
  /** Draws the mask again. @param rect in pixels of the window */
  maskChanged(rect: Rect): void;
  segmentsChanged(segments: Segments): void;
  brightnessChanged(brightness: number): void;
}

export function createLayers({ task, pictures, labelling }: Work): Layers {
  const { window, size } = task;
  const classColors = colorsOfClasses(task.classes);
  const ofPicture = (values: Uint8Array | undefined, colors: Colors) => values && paintedLayer(values, size, colors);
  const labels = emptyLayer(window);
  const holes = emptyLayer(window);
  const boundaries = emptyLayer(window);
  const image = emptyLayer(wholeOf(size));
  const layers: Layers = {
    image,
    overlays: {
      labels,
      holes,
      boundaries,
      existing: ofPicture(pictures.label && without(pictures.label, task), classColors),
      prediction: ofPicture(pictures.prediction, classColors),
      entropy: ofPicture(pictures.entropy, colorsOfEntropy()),
    },
    maskChanged(changed) {
      const rect = clipRect(changed, window);
      if (rect.width === 0) return;
      contextOf(labels).putImageData(colorize(labelling.mask, window, rect, classColors), rect.left, rect.top);
      contextOf(holes).putImageData(hatchHoles(labelling.mask, window, rect), rect.left, rect.top);
    },
    segmentsChanged({ ids }) {
      const white = Uint32Array.of(0, 0xffffffff);
      const image = colorize(boundaryPixels(ids, window), window, wholeOf(window), white);
      contextOf(boundaries).putImageData(image, 0, 0);
    },
    brightnessChanged(brightness) {
      const context = contextOf(image);
      context.filter = brightness === 1 ? 'none' : `brightness(${brightness})`;
      context.drawImage(pictures.image, 0, 0);
    },
  };
  layers.maskChanged(wholeOf(window));
  layers.brightnessChanged(1);
  return layers;
}

/** The window is the annotator's: what is known of it is not to be mistaken for what was drawn. */
function without(label: Uint8Array, { size, window }: AnnotationTask): Uint8Array {
  const outside = label.slice();
  for (let y = window.top; y < window.top + window.height; y++)
    outside.fill(255, y * size.width + window.left, y * size.width + window.left + window.width);
  return outside;
}

function emptyLayer({ top, left, height, width }: Rect): Layer {
  return { canvas: new OffscreenCanvas(width, height), top, left };
}

function paintedLayer(values: Uint8Array, size: Size, colors: Colors): Layer {
  const layer = emptyLayer(wholeOf(size));
  contextOf(layer).putImageData(colorize(values, size, wholeOf(size), colors), 0, 0);
  return layer;
}

function contextOf({ canvas }: Layer): OffscreenCanvasRenderingContext2D {
  return canvas.getContext('2d')!;
}
