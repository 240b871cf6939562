// Fetches what the pictures of a report need, and composes them.
import {
  type Campaign,
  type DatasetImage,
  type ImageSize,
  type Label,
  type ObjectRef,
  Split,
} from '../../../proto/gen/cpral/v1/resources.ts';
import { decodeImage, decodeMask } from '../../shared/images/images.ts';
import { all, type RegistryClient } from '../client.ts';
import { chooseImages, pictureSize, type ShownImage, windowOf } from './pictures/choose.ts';
import { outlineWindows } from './pictures/outline.ts';
import { paintLabel } from './pictures/paint-label.ts';
import { paletteOf, type Rgb } from './pictures/palette.ts';
import { dataUri, type SelectionPictures } from './pictures/picture.ts';

/** Pictures of one campaign's selections, by cycle and rank. */
export async function collectPictures(client: RegistryClient, campaign: Campaign): Promise<SelectionPictures[]> {
  const size = campaign.config?.size;
  if (!size) return [];
  const shown = chooseImages(await all(client.regions(campaign.campaignId)));
  const dataset = await client.getDataset(campaign.datasetId);
  const palette = paletteOf(dataset.classMap?.classes ?? []);
  const images = new Map<string, DatasetImage>();
  if (shown.length > 0) {
    for await (const image of client.datasetImages(campaign.datasetId, Split.SPLIT_TRAIN))
      images.set(image.imageId, image);
  }
  const pictures: SelectionPictures[] = [];
  for (const cycle of new Set(shown.map((each) => each.cycle))) {
    const previews = new Map(
      (await client.previews(campaign.campaignId, cycle)).map((each) => [each.imageId, each.entropy]),
    );
    const labels = new Map<string, Label>();
    for await (const label of client.labels(campaign.campaignId, cycle)) labels.set(label.imageId, label);
    for (const each of shown.filter((one) => one.cycle === cycle)) {
      const image = images.get(each.imageId)?.image;
      if (!image) continue;
      const objects = { image, entropy: previews.get(each.imageId), label: labels.get(each.imageId) };
      pictures.push(
        await compose(client, each, { size, palette, extends: campaign.strategy?.extension === true }, objects),
      );
    }
  }
  return pictures;
}

interface Style {
  /** The campaign's. */
  readonly size: ImageSize;
  readonly palette: readonly Rgb[];
  readonly extends: boolean;
}

interface PictureObjects {
  readonly image: ObjectRef;
  readonly entropy: ObjectRef | undefined;
  readonly label: Label | undefined;
}

async function compose(
  client: RegistryClient,
  { cycle, imageId, regions }: ShownImage,
  style: Style,
  objects: PictureObjects,
): Promise<SelectionPictures> {
  const size = pictureSize(style.size);
  const windows = regions.map((region) => windowOf(region, style.size, size));
  const image = await decodeImage(await client.downloadObject(objects.image), size);
  const mask = async (ref: ObjectRef) => decodeMask(await client.downloadObject(ref), size);
  const masks = objects.label?.masks;
  const label =
    masks?.classes && masks.origins
      ? { image, classes: await mask(masks.classes), origins: await mask(masks.origins), palette: style.palette }
      : undefined;
  const entropy = objects.entropy && (await decodeImage(await client.downloadObject(objects.entropy), size));
  return {
    cycle,
    imageId,
    rank: regions[0]!.rank,
    score: regions[0]!.score,
    regionCount: regions.length,
    aspect: size.height / size.width,
    selection: await dataUri(outlineWindows(image, windows)),
    entropy: entropy ? await dataUri(outlineWindows(entropy, windows)) : null,
    given: label ? await dataUri(outlineWindows(paintLabel({ ...label, extended: false }), windows)) : null,
    extended:
      label && style.extends ? await dataUri(outlineWindows(paintLabel({ ...label, extended: true }), windows)) : null,
  };
}
