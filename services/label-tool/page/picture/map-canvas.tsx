// A map of class ids, or of entropy, as a layer over an image.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { TaskClass } from '../../api-types.ts';
import { getBytes } from '../client/label-client.ts';
import { type PixelThread, startPixelThread } from '../client/pixel-thread.ts';
import { type Size, wholeOf } from '../geometry/raster.ts';
import { colorize, colorsOfClasses, colorsOfEntropy } from '../stage/colors.ts';

export interface MapLayer {
  readonly kind: 'classes' | 'entropy';
  readonly url: string;
  /** From 0 to 1. */
  readonly opacity: number;
  /** Where the map lies in the image; absent: over all of it. */
  readonly window?: { readonly top: number; readonly left: number } & Size;
}

export interface MapCanvasProps {
  readonly layer: MapLayer;
  readonly classes: readonly TaskClass[];
  readonly size: Size;
}

export function MapCanvas({ layer, classes, size }: MapCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [state, setState] = useState<'loading' | 'ready' | 'failed'>('loading');
  const { kind, url, opacity, window = { top: 0, left: 0, ...size } } = layer;
  useEffect(() => {
    let wanted = true;
    setState('loading');
    drawMap(kind, url, window, classes).then(
      (image) => {
        if (!wanted) return;
        const element = canvas.current!;
        element.width = image.width;
        element.height = image.height;
        element.getContext('2d')!.putImageData(image, 0, 0);
        setState('ready');
      },
      () => wanted && setState('failed'),
    );
    return () => {
      wanted = false;
    };
  }, [kind, url]);
  const percent = (part: number, whole: number) => `${(100 * part) / whole}%`;
  return (
    <>
      <canvas
        ref={canvas}
        class="map"
        data-map={state}
        style={{
          opacity,
          top: percent(window.top, size.height),
          left: percent(window.left, size.width),
          width: percent(window.width, size.width),
          height: percent(window.height, size.height),
        }}
      />
      {state === 'failed' && <span class="map-failed">This map could not be loaded</span>}
    </>
  );
}

let thread: PixelThread | undefined;

async function drawMap(
  kind: MapLayer['kind'],
  url: string,
  size: Size,
  classes: readonly TaskClass[],
): Promise<ImageData> {
  const bytes = await getBytes(url);
  if (kind === 'entropy') return drawEntropy(bytes);
  thread ??= startPixelThread();
  const ids = await thread.run('decode', bytes, size);
  return colorize(ids, size, wholeOf(size), colorsOfClasses(classes));
}

/** Of whatever size it has: a picture for the eye, where a value more or less does not matter. */
async function drawEntropy(bytes: Uint8Array): Promise<ImageData> {
  const bitmap = await createImageBitmap(new Blob([Uint8Array.from(bytes)]));
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext('2d')!;
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const { data } = context.getImageData(0, 0, width, height);
  const values = Uint8Array.from({ length: width * height }, (_, at) => data[4 * at]!);
  return colorize(values, { width, height }, { top: 0, left: 0, width, height }, colorsOfEntropy());
}
