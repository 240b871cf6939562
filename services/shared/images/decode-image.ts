// Encoded pictures to RGB pixels, whatever the file's own colours are.
import sharp from 'sharp';
import { invalid } from '../errors.ts';
import { MAX_IMAGE_PIXELS } from './limits.ts';
import type { Pixels, Size } from './pixels.ts';
import { readHeader } from './read-header.ts';

/**
 * Decodes a PNG or JPEG to RGB, H*W*3. Grey, palette, CMYK and 16-bit pictures are converted to 8-bit sRGB, alpha is
 * dropped, the rotation of EXIF is applied. Where size differs from the picture's own, it is scaled to exactly that with a
 * triangle filter, as wide as a source pixel or a target pixel, whichever is larger.
 * Throws INVALID_ARGUMENT for what readHeader refuses and for truncated or corrupt data.
 */
export async function decodeImage(bytes: Uint8Array, size?: Size): Promise<Pixels> {
  const header = await readHeader(bytes);
  const picture = sharp(bytes, { failOn: 'warning', limitInputPixels: MAX_IMAGE_PIXELS, autoOrient: true });
  if (size !== undefined && (size.height !== header.height || size.width !== header.width)) {
    // Shrinking while a JPEG is read would scale it differently from the same picture in a PNG.
    picture.resize(size.width, size.height, { fit: 'fill', kernel: 'linear', fastShrinkOnLoad: false });
  }
  const { data, info } = await picture
    .removeAlpha()
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      throw invalid(
        `expected a whole ${header.format.toUpperCase()} image of ${header.height}x${header.width}, got truncated or corrupt data`,
        { cause },
      );
    });
  if (info.channels !== 3) throw invalid(`expected a picture that converts to RGB, got ${info.channels} channels`);
  return { height: info.height, width: info.width, data: asBytes(data) };
}

const asBytes = (buffer: Buffer) => new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
