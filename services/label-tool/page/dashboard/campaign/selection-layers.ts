// What can be laid over a selected image. Pure.
import type { SelectionPictures } from '../../../dashboard-types.ts';
import type { MapLayer } from '../../picture/map-canvas.tsx';

export const SELECTION_LAYERS = ['image', 'entropy', 'prediction', 'labelGiven', 'labelExtended'] as const;
export type SelectionLayer = (typeof SELECTION_LAYERS)[number];

export const LAYER_TEXT: Readonly<Record<SelectionLayer, string>> = {
  image: 'Image',
  entropy: 'Uncertainty',
  prediction: 'Prediction',
  labelGiven: 'Label given',
  labelExtended: 'Extended',
};

const OPACITY = 0.72;

/** @returns nothing where the server has no such map, or the image alone is asked for */
export function layersOf(pictures: SelectionPictures, shown: SelectionLayer, opacity = OPACITY): readonly MapLayer[] {
  const url = shown === 'image' ? null : pictures[shown];
  return url === null ? [] : [{ kind: shown === 'entropy' ? 'entropy' : 'classes', url, opacity }];
}
