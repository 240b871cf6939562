// What an image may cost before it is decoded: a small file can name a huge picture.

/** Pixels of one image, 64 Mi: 192 MiB of RGB. */
export const MAX_IMAGE_PIXELS = 1 << 26;

/** Height or width of one image in pixels. */
export const MAX_IMAGE_SIDE_PX = 16_384;

/** Bytes of one encoded image, 256 MiB: more than an uncompressed picture of the most pixels. */
export const MAX_IMAGE_FILE_BYTES = 1 << 28;
