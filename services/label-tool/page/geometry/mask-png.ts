// Masks of class ids as 8-bit grey PNG, read and written value by value: a canvas would manage colours and could change them.
import { decode, encode } from 'fast-png';
import type { Size } from './raster.ts';

/** Of zlib, from 0 to 9: masks are flat, so that more effort saves little. */
const COMPRESSION_LEVEL = 4;

export function encodeMask(mask: Uint8Array, { height, width }: Size): Uint8Array<ArrayBuffer> {
  const image = { data: mask, height, width, channels: 1, depth: 8 } as const;
  return Uint8Array.from(encode(image, { zlib: { level: COMPRESSION_LEVEL } }));
}

/** @throws where the picture is not of 8-bit grey or not of the size */
export function decodeMask(png: Uint8Array, { height, width }: Size): Uint8Array {
  const image = decode(png);
  if (image.channels !== 1 || image.depth !== 8 || image.palette)
    throw new Error(`expected an 8-bit grey PNG, got ${image.channels} channels of ${image.depth} bits`);
  if (image.height !== height || image.width !== width)
    throw new Error(`expected a mask of ${height}x${width}, got ${image.height}x${image.width}`);
  return Uint8Array.from(image.data);
}
