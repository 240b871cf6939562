// A dataset as the form and the list have it.
import { type Dataset, Split } from '../../../proto/gen/cpral/v1/resources.ts';
import type { DatasetView } from '../dashboard-types.ts';
import { imagesOf } from '../registry/ask-registry.ts';
import type { Registry } from '../registry/registry.ts';
import { classesOf } from './campaign-view.ts';
import { isoOf } from './times.ts';

export async function readDatasetView(registry: Registry, dataset: Dataset): Promise<DatasetView> {
  const { datasetId, displayName, trainImages, valImages, createTime } = dataset;
  const [first] = await imagesOf(registry, datasetId, { split: Split.SPLIT_TRAIN, imageIds: [], pageSize: 1 });
  return {
    ...{ datasetId, displayName, trainImages, valImages },
    classes: classesOf(dataset),
    size: first?.size ? { height: first.size.height, width: first.size.width } : null,
    hasGroundTruth: first?.groundTruth !== undefined,
    createdAt: isoOf(createTime) ?? '',
  };
}
