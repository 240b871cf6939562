// Colours as bytes: those of a class map, and a ramp for heat maps.
import { scheme } from 'vega';
import type { SegmentationClass } from '../../../../proto/gen/cpral/v1/resources.ts';

export type Rgb = readonly [number, number, number];

const UNKNOWN: Rgb = [128, 128, 128];

/** By class id; a class without a colour is grey. */
export function paletteOf(classes: readonly SegmentationClass[]): readonly Rgb[] {
  return classes.map(({ color }) => parseColor(color));
}

/** 256 colours from black over purple and orange to yellow, evenly lighter: matplotlib's inferno. */
export const HEAT: readonly Rgb[] = ramp('inferno');

function ramp(name: string): Rgb[] {
  const color = scheme(name) as unknown as (share: number) => string;
  return Array.from({ length: 256 }, (_, level) => parseColor(color(level / 255)));
}

function parseColor(text: string): Rgb {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text);
  if (hex) return [hex[1], hex[2], hex[3]].map((part) => Number.parseInt(part!, 16)) as unknown as Rgb;
  const rgb = /^rgb\((\d+), (\d+), (\d+)\)$/.exec(text);
  return rgb ? [Number(rgb[1]), Number(rgb[2]), Number(rgb[3])] : UNKNOWN;
}
