// Images and masks between bytes and pixels: one door for every service.
export { decodeImage } from './decode-image.ts';
export { decodeMask } from './decode-mask.ts';
export { encodeMask, encodeRgb } from './encode.ts';
export { MAX_IMAGE_FILE_BYTES, MAX_IMAGE_PIXELS, MAX_IMAGE_SIDE_PX } from './limits.ts';
export type { Pixels, Size } from './pixels.ts';
export { readHeader } from './read-header.ts';
