// Encoded masks to class ids. A mask's numbers are ids, never colours: they are neither converted nor interpolated.
import sharp from 'sharp';
import { invalid } from '../errors.ts';
import { MAX_IMAGE_PIXELS } from './limits.ts';
import type { Pixels, Size } from './pixels.ts';
import { type PngFile, readPng, writePng } from './png-chunks.ts';
import { readHeader } from './read-header.ts';

/**
 * Decodes an 8-bit grey PNG, or a palette PNG of any depth, to class ids, H*W; a palette gives its indices. Where size
 * differs, the nearest pixel by centres is taken. Throws INVALID_ARGUMENT for JPEG, RGB, alpha, other depths, and damage.
 */
export async function decodeMask(bytes: Uint8Array, size?: Size): Promise<Pixels> {
  const { format } = await readHeader(bytes);
  if (format !== 'png') throw invalid('expected a mask as 8-bit grey or palette PNG, got a JPEG');
  const png = readPng(bytes);
  const { colorType, bitDepth } = png;
  if (!(colorType === 'palette' && bitDepth <= 8) && !(colorType === 'grey' && bitDepth === 8)) {
    throw invalid(`expected a mask as 8-bit grey or palette PNG, got ${bitDepth}-bit ${colorType}`);
  }
  const mask = await decodeIndices(png);
  return size === undefined ? mask : resizeNearest(mask, size);
}

/** Decodes the file as if it were grey and had nothing but pixels, so that no palette, profile or rotation touches an id. */
async function decodeIndices(png: PngFile): Promise<Pixels> {
  const bare = png.chunks.filter(({ type }) => type === 'IHDR' || type === 'IDAT' || type === 'IEND');
  const header = Uint8Array.from(bare[0]!.data);
  header[9] = 0;
  const grey = writePng([{ type: 'IHDR', data: header }, ...bare.slice(1)]);
  const { data, info } = await sharp(grey, { failOn: 'warning', limitInputPixels: MAX_IMAGE_PIXELS })
    .toColourspace('b-w')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      throw invalid(`expected a whole PNG mask of ${png.height}x${png.width}, got truncated or corrupt data`, {
        cause,
      });
    });
  const ids = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  // Grey of fewer bits arrives stretched to 0..255.
  const stretch = 255 / (2 ** png.bitDepth - 1);
  return { height: info.height, width: info.width, data: stretch === 1 ? ids : ids.map((value) => value / stretch) };
}

function resizeNearest(mask: Pixels, { height, width }: Size): Pixels {
  if (mask.height === height && mask.width === width) return mask;
  const data = new Uint8Array(height * width);
  for (let y = 0; y < height; y++) {
    const row = sourceOf(y, mask.height, height) * mask.width;
    for (let x = 0; x < width; x++) data[y * width + x] = mask.data[row + sourceOf(x, mask.width, width)]!;
  }
  return { height, width, data };
}

/** floor((i + 1/2) from / to), in whole numbers so that ties fall the same everywhere. */
const sourceOf = (i: number, from: number, to: number) => Math.floor(((2 * i + 1) * from) / (2 * to));
