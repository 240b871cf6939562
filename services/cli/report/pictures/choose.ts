// Which images of a cycle the report shows: those of the best-ranked regions. Pure.
import type { ImageSize, Region } from '../../../../proto/gen/cpral/v1/resources.ts';
import type { PictureWindow } from './outline.ts';

export interface ShownImage {
  readonly cycle: number;
  readonly imageId: string;
  /** Its picked windows, best first. */
  readonly regions: readonly Region[];
}

/** Pictures of a whole report, at 15 kB each, stay well under its size limit. */
const MAX_IMAGES = 48;
const MAX_IMAGES_PER_CYCLE = 3;

/** @returns images by cycle, then by the rank of their best region */
export function chooseImages(regions: readonly Region[]): ShownImage[] {
  const cycles = [...new Set(regions.map(({ cycle }) => cycle))].sort((a, b) => a - b);
  const perCycle = Math.max(1, Math.min(MAX_IMAGES_PER_CYCLE, Math.floor(MAX_IMAGES / Math.max(1, cycles.length))));
  return cycles.slice(-MAX_IMAGES).flatMap((cycle) => {
    const ranked = regions.filter((region) => region.cycle === cycle).sort((a, b) => a.rank - b.rank);
    const imageIds = [...new Set(ranked.map(({ imageId }) => imageId))].slice(0, perCycle);
    return imageIds.map((imageId) => ({ cycle, imageId, regions: ranked.filter((each) => each.imageId === imageId) }));
  });
}

const PICTURE_WIDTH_PX = 360;

/** The size at which an image is shown: one width for all, so that lines are equally thick. */
export function pictureSize({ height, width }: ImageSize): ImageSize {
  return { height: Math.max(1, Math.round((height * PICTURE_WIDTH_PX) / width)), width: PICTURE_WIDTH_PX };
}

/** A region at the campaign's size as a window of the picture. */
export function windowOf(region: Region, from: ImageSize, to: ImageSize): PictureWindow {
  const y = to.height / from.height;
  const x = to.width / from.width;
  const top = Math.round(region.top * y);
  const left = Math.round(region.left * x);
  return {
    top,
    left,
    height: Math.round((region.top + region.height) * y) - top,
    width: Math.round((region.left + region.width) * x) - left,
  };
}
