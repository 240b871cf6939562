// What a cycle picked: its images by the rank of their best region, with everything that there is to see of them.
import { type Campaign, type Label, type Region, Split } from '../../../proto/gen/cpral/v1/resources.ts';
import { invalid } from '../../shared/errors.ts';
import type { SelectedImage, SelectedRegion, SelectionPage } from '../dashboard-types.ts';
import { imageAddress, labelAddress, pictureAddress } from '../pictures/addresses.ts';
import { imagesOf, regionsOf } from '../registry/ask-registry.ts';
import { ask, firstOf, type Registry } from '../registry/registry.ts';

const IMAGES_PER_PAGE = 24;
/** Regions that are read to find the images: a region of single pixels would be no picture anyway. */
const MAX_REGIONS = 20_000;

export async function selectionPage(
  registry: Registry,
  campaign: Campaign,
  { cycle, pageToken }: { readonly cycle: number; readonly pageToken: string },
): Promise<SelectionPage> {
  const start = readOffset(pageToken);
  const { list } = await firstOf(regionsOf(registry, campaign.campaignId, cycle), MAX_REGIONS);
  const byImage = [...Map.groupBy(list, ({ imageId }) => imageId)];
  const shown = byImage.slice(start, start + IMAGES_PER_PAGE);
  const end = start + shown.length;
  return {
    images: shown.length === 0 ? [] : await withPictures(registry, campaign, cycle, shown),
    nextPageToken: end < byImage.length ? String(end) : '',
  };
}

async function withPictures(
  registry: Registry,
  campaign: Campaign,
  cycle: number,
  groups: readonly (readonly [string, readonly Region[]])[],
): Promise<SelectedImage[]> {
  const { pool } = registry;
  const { campaignId, datasetId, config } = campaign;
  const imageIds = groups.map(([imageId]) => imageId);
  const only = { imageIds, pageSize: imageIds.length, pageToken: '' };
  const images = await imagesOf(registry, datasetId, { split: Split.SPLIT_TRAIN, imageIds, pageSize: imageIds.length });
  const { previews } = await ask(pool, pool.listPreviews, { campaignId, cycle, ...only });
  const { labels } = await ask(pool, pool.listLabels, { campaignId, cycle, ...only });
  const size = { height: config?.size?.height ?? 0, width: config?.size?.width ?? 0 };
  const extended = campaign.strategy?.extension === true;
  return groups.flatMap(([imageId, regions]) => {
    const image = images.find((each) => each.imageId === imageId);
    if (!image?.image) return [];
    const label = labels.find((each) => each.imageId === imageId);
    const entropy = previews.find((each) => each.imageId === imageId)?.entropy;
    return [
      {
        imageId,
        size,
        regions: regions.map(regionView),
        pictures: {
          image: imageAddress(image, size),
          entropy: entropy ? pictureAddress(entropy) : null,
          ...labelPictures(label, { extended }),
          prediction: null,
        },
      },
    ];
  });
}

/** Before the annotation of a picked image there may be a label of earlier cycles: it is what was given so far. */
function labelPictures(label: Label | undefined, { extended }: { readonly extended: boolean }) {
  const { classes, origins } = label?.masks ?? {};
  if (!classes || !origins) return { labelGiven: null, labelExtended: null };
  return {
    labelGiven: labelAddress(classes, { withoutExtension: origins }),
    labelExtended: extended ? labelAddress(classes) : null,
  };
}

function regionView({ regionId, top, left, height, width, score, rank }: Region): SelectedRegion {
  return { regionId, top, left, height, width, score, rank };
}

function readOffset(pageToken: string): number {
  if (pageToken === '') return 0;
  if (/^\d{1,6}$/.test(pageToken)) return Number(pageToken);
  throw invalid('pageToken: expected a token from the page before, got something else', { field: 'pageToken' });
}
