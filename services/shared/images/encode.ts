// Pixels to PNG: equal pixels give equal bytes, so equal pictures share one address in the object store.
import sharp from 'sharp';
import { assert } from '../errors.ts';
import type { Pixels } from './pixels.ts';

const PNG = { compressionLevel: 6, adaptiveFiltering: false, palette: false } as const;

/** Encodes class ids, H*W, as an 8-bit grey PNG. */
export function encodeMask(mask: Pixels): Promise<Uint8Array> {
  return encode(mask, 1, 'b-w');
}

/** Encodes RGB, H*W*3, as an 8-bit PNG. */
export function encodeRgb(image: Pixels): Promise<Uint8Array> {
  return encode(image, 3, 'srgb');
}

async function encode({ height, width, data }: Pixels, channels: 1 | 3, space: 'b-w' | 'srgb'): Promise<Uint8Array> {
  assert(data.length === height * width * channels, `${height}x${width}x${channels} pixels, got ${data.length}`);
  const png = await sharp(data, { raw: { height, width, channels } }).toColourspace(space).png(PNG).toBuffer();
  return new Uint8Array(png.buffer, png.byteOffset, png.byteLength);
}
