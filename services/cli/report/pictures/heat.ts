// A grey map in the colours of heat, stretched to the map's own range so that its shape shows. Pure.
import type { Pixels } from '../../../shared/images/images.ts';
import { HEAT } from './palette.ts';

/** A picture that has colours already is left as it is. */
export function heatMap(picture: Pixels): Pixels {
  const levels = greyLevels(picture);
  if (!levels) return picture;
  let highest = 1;
  for (const level of levels) highest = Math.max(highest, level);
  const data = new Uint8Array(picture.data.length);
  for (const [pixel, level] of levels.entries()) data.set(HEAT[Math.round((level * 255) / highest)]!, pixel * 3);
  return { ...picture, data };
}

function greyLevels({ data }: Pixels): Uint8Array | undefined {
  const levels = new Uint8Array(data.length / 3);
  for (let pixel = 0; pixel < levels.length; pixel++) {
    const level = data[pixel * 3]!;
    if (data[pixel * 3 + 1] !== level || data[pixel * 3 + 2] !== level) return undefined;
    levels[pixel] = level;
  }
  return levels;
}
