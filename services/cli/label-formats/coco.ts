// Labels as COCO's instances: an annotation for each class and origin of an image, as run lengths, so that no pixel is lost.
import type { Campaign, ClassMap, Cycle, Label } from '../../../proto/gen/cpral/v1/resources.ts';
import type { PixelLabel } from '../../shared/labels/pixel-label.ts';
import { cocoRle } from './coco-rle.ts';
import { labelLayers } from './label-layers.ts';
import { ANNOTATORS, campaignLineage, labelLineage, ORIGINS } from './lineage.ts';

export interface CocoOptions {
  readonly campaign: Campaign;
  readonly classMap: ClassMap | undefined;
  readonly cycles: readonly Cycle[];
}

/** Gathers images one by one; categories count from 1, because some readers take 0 for the background. */
export function cocoDocument({ campaign, classMap, cycles }: CocoOptions) {
  const images: object[] = [];
  const annotations: object[] = [];
  return {
    add(label: Label, pixels: PixelLabel, fileName: string): void {
      const { height, width } = pixels;
      const lineage = labelLineage(label, cycles);
      const imageId = images.length + 1;
      images.push({ id: imageId, file_name: fileName, height, width, cpral: { image: label.imageId, ...lineage } });
      for (const { classId, origin, mask, pixels: area, box } of labelLayers(pixels)) {
        annotations.push({
          id: annotations.length + 1,
          image_id: imageId,
          category_id: classId + 1,
          segmentation: { size: [height, width], counts: cocoRle(mask, { height, width }) },
          area,
          bbox: [box.left, box.top, box.width, box.height],
          iscrowd: 0,
          cpral: { origin: ORIGINS[origin], annotator: ANNOTATORS[origin], ...lineage },
        });
      }
    },
    document: () => ({
      info: { description: `labels of ${campaign.campaignId}`, cpral: campaignLineage(campaign) },
      licenses: [],
      categories: (classMap?.classes ?? []).map(({ name, color }, id) => ({ id: id + 1, name, cpral: { color } })),
      images,
      annotations,
    }),
  };
}
