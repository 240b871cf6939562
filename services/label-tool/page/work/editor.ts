// What the annotator has chosen: tool, class, sizes and what is shown. It outlives the task.
import { signal } from '@preact/signals';
import type { SuperpixelSize } from '../geometry/superpixel-steps.ts';

export const TOOLS = ['superpixel', 'line', 'polygon', 'wire', 'brush', 'eraser', 'fill', 'pick', 'hand'] as const;
export type ToolName = (typeof TOOLS)[number];

export const OVERLAYS = ['labels', 'existing', 'prediction', 'entropy', 'boundaries', 'holes'] as const;
export type OverlayName = (typeof OVERLAYS)[number];

export interface OverlayState {
  readonly shown: boolean;
  /** From 0 to 1. */
  readonly opacity: number;
}

export const LEAST_BRIGHTNESS = 0.5;
export const MOST_BRIGHTNESS = 4;

export const SMALLEST_BRUSH_PX = 1;
export const LARGEST_BRUSH_PX = 128;

export type Editor = ReturnType<typeof createEditor>;

export function createEditor() {
  const brushPx = signal(7);
  const overlays = signal<Readonly<Record<OverlayName, OverlayState>>>({
    labels: { shown: true, opacity: 0.55 },
    existing: { shown: true, opacity: 0.35 },
    prediction: { shown: false, opacity: 0.5 },
    entropy: { shown: false, opacity: 0.7 },
    boundaries: { shown: true, opacity: 0.45 },
    holes: { shown: false, opacity: 0.6 },
  });
  return {
    tool: signal<ToolName>('superpixel'),
    classId: signal(0),
    brushPx,
    superpixels: signal<SuperpixelSize>('medium'),
    /** Whether strokes leave alone what has a label. */
    onlyUnlabelled: signal(false),
    /** Of the picture, for what hides in the dark; 1 is as it is. */
    brightness: signal(1),
    overlays,
    resizeBrush(px: number) {
      brushPx.value = Math.min(LARGEST_BRUSH_PX, Math.max(SMALLEST_BRUSH_PX, Math.round(px)));
    },
    setOverlay(name: OverlayName, change: Partial<OverlayState>) {
      overlays.value = { ...overlays.value, [name]: { ...overlays.value[name], ...change } };
    },
    toggleOverlay(name: OverlayName) {
      overlays.value = { ...overlays.value, [name]: { ...overlays.value[name], shown: !overlays.value[name].shown } };
    },
  };
}
