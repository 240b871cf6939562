// What is laid over the picture of a reviewed label.
import { signal } from '@preact/signals';
import type { ReviewedTask } from '../../dashboard-types.ts';
import type { MapLayer } from '../picture/map-canvas.tsx';

export const REVIEW_LAYERS = ['label', 'prediction', 'entropy', 'none'] as const;
export type ReviewLayer = (typeof REVIEW_LAYERS)[number];

export const LAYER_TEXT: Readonly<Record<ReviewLayer, string>> = {
  label: 'Label',
  prediction: 'Prediction',
  entropy: 'Uncertainty',
  none: 'Image alone',
};

const OPACITY_STEP = 0.1;

export type ReviewView = ReturnType<typeof createReviewView>;

export function createReviewView() {
  const layer = signal<ReviewLayer>('label');
  const opacity = signal(0.6);
  return {
    layer,
    opacity,
    changeOpacity(steps: number): void {
      const next = Math.round((opacity.value + steps * OPACITY_STEP) * 10) / 10;
      opacity.value = Math.min(1, Math.max(0, next));
    },
  };
}

/** The label lies in its window, maps of the model over the whole picture. */
export function layersOfTask(
  { pictures, window }: ReviewedTask,
  layer: ReviewLayer,
  opacity: number,
): readonly MapLayer[] {
  if (layer === 'label') return pictures.draft ? [{ kind: 'classes', url: pictures.draft, opacity, window }] : [];
  if (layer === 'prediction')
    return pictures.prediction ? [{ kind: 'classes', url: pictures.prediction, opacity }] : [];
  if (layer === 'entropy') return pictures.entropy ? [{ kind: 'entropy', url: pictures.entropy, opacity }] : [];
  return [];
}
