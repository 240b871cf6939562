// An image's header, read and judged before a single pixel is decoded.
import sharp from 'sharp';
import { invalid } from '../errors.ts';
import { MAX_IMAGE_FILE_BYTES, MAX_IMAGE_PIXELS, MAX_IMAGE_SIDE_PX } from './limits.ts';
import { isPng, readPng } from './png-chunks.ts';

export interface ImageHeader {
  format: 'png' | 'jpeg';
  /** Pixels, after the rotation that the file asks for. */
  height: number;
  /** Pixels, after the rotation that the file asks for. */
  width: number;
}

/**
 * Reads format and size. Throws INVALID_ARGUMENT for anything but PNG and JPEG, for animations, for damaged headers
 * and beyond the limits of limits.ts; the message names no file, the caller knows it.
 */
export async function readHeader(bytes: Uint8Array): Promise<ImageHeader> {
  if (bytes.length > MAX_IMAGE_FILE_BYTES) {
    throw invalid(`expected an image of at most ${MAX_IMAGE_FILE_BYTES} bytes, got ${bytes.length}`);
  }
  const format = formatOf(bytes);
  if (format === 'png') {
    const png = readPng(bytes);
    if (png.animated) throw invalid('expected a single picture, got an animated PNG');
    // The same check as below, before another library sees the file.
    checkSize(png);
  }
  const metadata = await sharp(bytes, { limitInputPixels: false, failOn: 'none' })
    .metadata()
    .catch((cause: unknown) => {
      throw invalid(`expected a ${format.toUpperCase()} image with a readable header, got a damaged one`, { cause });
    });
  const header: ImageHeader = { format, height: metadata.autoOrient.height, width: metadata.autoOrient.width };
  checkSize(header);
  return header;
}

function formatOf(bytes: Uint8Array): ImageHeader['format'] {
  if (isPng(bytes)) return 'png';
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'jpeg';
  const start = Buffer.from(bytes.subarray(0, 8)).toString('hex');
  throw invalid(
    `expected a PNG or JPEG image, got ${bytes.length === 0 ? 'no bytes' : `${bytes.length} bytes that begin with ${start}`}`,
  );
}

function checkSize({ height, width }: { height: number; width: number }): void {
  const sides = Math.min(height, width) >= 1 && Math.max(height, width) <= MAX_IMAGE_SIDE_PX;
  if (sides && height * width <= MAX_IMAGE_PIXELS) return;
  throw invalid(
    `expected an image of at most ${MAX_IMAGE_SIDE_PX} pixels a side and ${MAX_IMAGE_PIXELS} in all, got ${height}x${width}`,
  );
}
