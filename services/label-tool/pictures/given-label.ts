// A label as a picture of class ids, with the extension's pixels or without.
import { invalid } from '../../shared/errors.ts';
import { decodeMask, encodeMask } from '../../shared/images/images.ts';
import { NO_CLASS, ORIGIN_EXTENDED } from '../../shared/labels/origins.ts';

/** @returns 8-bit grey PNG of class ids; 255 is none */
export async function labelPicture(classes: Uint8Array, origins: Uint8Array | undefined): Promise<Uint8Array> {
  const mask = await decodeMask(classes);
  if (!origins) return encodeMask(mask);
  const { data, height, width } = await decodeMask(origins);
  if (height !== mask.height || width !== mask.width) {
    throw invalid(`given: expected origins of ${mask.height}x${mask.width}, got ${height}x${width}`, {
      field: 'given',
    });
  }
  return encodeMask({ height, width, data: withoutExtension(mask.data, data) });
}

/** @param classes @param origins N @returns N, nothing where only the extension said something */
export function withoutExtension(classes: Uint8Array, origins: Uint8Array): Uint8Array {
  return classes.map((id, at) => (origins[at] === ORIGIN_EXTENDED ? NO_CLASS : id));
}
