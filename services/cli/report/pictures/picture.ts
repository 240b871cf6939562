// The pictures of a report, ready to stand in it.
import sharp from 'sharp';
import type { Pixels } from '../../../shared/images/images.ts';

/** What was selected in one image, and why, and what came of it. Pictures are data URIs; null where there is none. */
export interface SelectionPictures {
  readonly cycle: number;
  readonly imageId: string;
  /** Of the image's best region, from 0. */
  readonly rank: number;
  readonly score: number;
  readonly regionCount: number;
  /** Height over width. */
  readonly aspect: number;
  readonly selection: string;
  readonly entropy: string | null;
  readonly given: string | null;
  readonly extended: string | null;
}

const WEBP = { quality: 80, effort: 4 } as const;

export async function dataUri({ height, width, data }: Pixels): Promise<string> {
  const webp = await sharp(data, { raw: { height, width, channels: 3 } })
    .webp(WEBP)
    .toBuffer();
  return `data:image/webp;base64,${webp.toString('base64')}`;
}
