// What things are called on the page.
import type { OverlayName, ToolName } from '../work/editor.ts';

export const TOOL_TEXT: Readonly<
  Record<ToolName, { readonly name: string; readonly key: string; readonly hint: string }>
> = {
  superpixel: { name: 'Superpixels', key: 'S', hint: 'Click a superpixel, or drag across several, to label them' },
  line: {
    name: 'Cut by a line',
    key: 'L',
    hint: 'Draw a line across superpixels to cut them: drag, or click points and press Enter',
  },
  polygon: { name: 'Polygon', key: 'G', hint: 'Click corners and press Enter, or drag around an area, to fill it' },
  wire: { name: 'Smart boundary', key: 'W', hint: 'Click along an edge: the line follows it. Enter closes and fills' },
  brush: { name: 'Brush', key: 'B', hint: 'Paint; [ and ] change the size' },
  eraser: { name: 'Eraser', key: 'E', hint: 'Take labels away; [ and ] change the size' },
  fill: { name: 'Fill', key: 'F', hint: 'Label everything that hangs together and has the same label, or none' },
  pick: { name: 'Pick a class', key: 'I', hint: 'Click a pixel to take its class' },
  hand: { name: 'Move', key: 'H', hint: 'Drag to move the picture; the right or middle button does so with any tool' },
};

export const OVERLAY_TEXT: Readonly<Record<OverlayName, { readonly name: string; readonly key: string }>> = {
  labels: { name: 'Your labels', key: 'Shift+L' },
  boundaries: { name: 'Superpixels', key: 'Shift+S' },
  existing: { name: 'Earlier labels', key: 'Shift+A' },
  prediction: { name: 'Prediction', key: 'Shift+P' },
  entropy: { name: 'Uncertainty', key: 'Shift+E' },
  holes: { name: 'Unlabelled', key: 'Shift+U' },
};

export const IGNORE_NAME = 'Ignore';
export const IGNORE_KEY = 'X';

/** Keys of classes by their place in the list: 1 to 9 and 0, then the same with Shift. */
export function classKey(place: number): string | undefined {
  if (place >= 20) return undefined;
  return `${place >= 10 ? 'Shift+' : ''}${(place + 1) % 10}`;
}
