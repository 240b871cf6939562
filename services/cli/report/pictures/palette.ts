// The colours of a class map as bytes.
import type { SegmentationClass } from '../../../../proto/gen/cpral/v1/resources.ts';

export type Rgb = readonly [number, number, number];

const UNKNOWN: Rgb = [128, 128, 128];

/** By class id; a class without a colour is grey. */
export function paletteOf(classes: readonly SegmentationClass[]): readonly Rgb[] {
  return classes.map(({ color }) => parseColor(color));
}

function parseColor(text: string): Rgb {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text);
  return hex ? [byte(hex[1]!), byte(hex[2]!), byte(hex[3]!)] : UNKNOWN;
}

const byte = (hex: string) => Number.parseInt(hex, 16);
