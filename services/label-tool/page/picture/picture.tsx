// An image with maps over it and frames around regions.
import type { TaskClass, TaskWindow } from '../../api-types.ts';
import type { Size } from '../geometry/raster.ts';
import { MapCanvas, type MapLayer } from './map-canvas.tsx';

export interface PictureProps {
  readonly image: string;
  /** What is seen, for those who do not see it. */
  readonly label: string;
  /** Of the campaign: what windows are measured in. */
  readonly size: Size;
  readonly classes: readonly TaskClass[];
  readonly layers: readonly MapLayer[];
  readonly frames: readonly TaskWindow[];
  /** All but the frames is darker. */
  readonly dimmed?: boolean;
}

export function Picture({ image, label, size, classes, layers, frames, dimmed = false }: PictureProps) {
  const { width, height } = size;
  return (
    <div
      class="picture"
      role="img"
      aria-label={label}
      style={{ aspectRatio: `${width} / ${height}`, '--ratio': width / height }}
    >
      <img src={image} alt="" loading="lazy" decoding="async" />
      {layers.map((layer) => (
        <MapCanvas key={layer.url} layer={layer} classes={classes} size={size} />
      ))}
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
        {dimmed && <path class="dim" d={outside(size, frames)} fill-rule="evenodd" />}
        {['frame-under', 'frame'].flatMap((kind) =>
          frames.map(({ top, left, ...window }) => (
            <rect key={`${kind} ${top} ${left}`} class={kind} x={left} y={top} {...window} />
          )),
        )}
      </svg>
    </div>
  );
}

function outside({ width, height }: Size, frames: readonly TaskWindow[]): string {
  const holes = frames.map(
    ({ top, left, ...window }) => `M${left} ${top}h${window.width}v${window.height}h${-window.width}z`,
  );
  return `M0 0h${width}v${height}h${-width}z${holes.join('')}`;
}
