// Class maps from short tables.
import type { ClassMap } from '../../../proto/gen/cpral/v1/resources.ts';

/** @param classes names with "#rrggbb", in the order of their ids */
export function classMapOf(classes: readonly (readonly [name: string, color: string])[]): ClassMap {
  return { classes: classes.map(([name, color]) => ({ name, color })) };
}

/** A colour for a class that comes without: hues a golden angle apart, so that neighbours differ. */
export function defaultColor(classId: number): string {
  const hue = (classId * 137.508) % 360;
  const lightness = [0.55, 0.4, 0.7][classId % 3]!;
  const chroma = 0.65 * Math.min(lightness, 1 - lightness);
  const channel = (offset: number) => {
    const k = (offset + hue / 30) % 12;
    const value = lightness - chroma * Math.max(-1, Math.min(k - 3, 9 - k, 1));
    return Math.round(value * 255)
      .toString(16)
      .padStart(2, '0');
  };
  return `#${channel(0)}${channel(8)}${channel(4)}`;
}
