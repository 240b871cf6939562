// One selected image as large as the screen has room for; the arrow keys go to its neighbours.
import { useEffect, useState } from 'preact/hooks';
import type { TaskClass } from '../../../api-types.ts';
import type { SelectedImage } from '../../../dashboard-types.ts';
import { Picture } from '../../picture/picture.tsx';
import { DataTable } from '../../plot/data-table.tsx';
import { Modal } from '../../ui/modal.tsx';
import { Segmented } from '../segmented.tsx';
import { LAYER_TEXT, layersOf, SELECTION_LAYERS, type SelectionLayer } from './selection-layers.ts';

export interface LargeViewProps {
  readonly images: readonly SelectedImage[];
  readonly at: number;
  readonly classes: readonly TaskClass[];
  readonly layer: SelectionLayer;
  readonly setLayer: (layer: SelectionLayer) => void;
  readonly go: (at: number) => void;
  readonly close: () => void;
}

const FIRST_OPACITY = 0.72;

export function LargeView({ images, at, classes, layer, setLayer, go, close }: LargeViewProps) {
  const [opacity, setOpacity] = useState(FIRST_OPACITY);
  const image = images[at]!;
  useEffect(() => {
    const turn = (event: KeyboardEvent) => {
      // Sliders and choices have the arrows for themselves.
      if (event.target instanceof HTMLInputElement) return;
      const next = at + (event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0);
      if (next !== at && images[next]) go(next);
    };
    addEventListener('keydown', turn);
    return () => removeEventListener('keydown', turn);
  }, [at, images]);
  return (
    <Modal title={image.imageId} wide close={close}>
      <div class="screen-head">
        <Segmented
          name="large-layer"
          label="What lies over the image"
          choices={SELECTION_LAYERS.map((value) => ({
            value,
            text: LAYER_TEXT[value],
            disabled: value !== 'image' && image.pictures[value] === null,
          }))}
          value={layer}
          choose={setLayer}
        />
        <label class="slider">
          Opacity
          <input
            type="range"
            min={0}
            max={1}
            step={0.05}
            value={opacity}
            onInput={(event) => setOpacity(event.currentTarget.valueAsNumber)}
          />
        </label>
      </div>
      <div class="large">
        <Picture
          image={image.pictures.image}
          label={`${image.imageId}, ${LAYER_TEXT[layer].toLowerCase()}`}
          size={image.size}
          classes={classes}
          layers={layersOf(image.pictures, layer, opacity)}
          frames={image.regions}
        />
      </div>
      <details>
        <summary>Regions</summary>
        <DataTable
          caption={`Regions of ${image.imageId}`}
          columns={[{ name: 'Rank' }, { name: 'Score' }, { name: 'Top' }, { name: 'Left' }, { name: 'Size' }]}
          rows={image.regions.map(({ rank, score, top, left, width, height }) => [
            rank + 1,
            score.toFixed(3),
            top,
            left,
            `${width} × ${height}`,
          ])}
        />
      </details>
      <div class="row end">
        <button type="button" disabled={at === 0} onClick={() => go(at - 1)}>
          Previous
        </button>
        <button type="button" disabled={at === images.length - 1} onClick={() => go(at + 1)}>
          Next
        </button>
        <button type="button" class="primary" data-first onClick={close}>
          Close
        </button>
      </div>
    </Modal>
  );
}
