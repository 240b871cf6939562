// A model as the dashboard has it. Pure.
import type { Model } from '../../../proto/gen/cpral/v1/resources.ts';
import type { ModelView } from '../dashboard-types.ts';
import { isoOf } from './times.ts';

/** @param api the path that addresses begin with */
export function modelView(model: Model, api: string): ModelView {
  const { modelId, campaignId, cycle, classCount, trainingDigest } = model;
  return {
    ...{ modelId, campaignId, cycle, classCount, trainingDigest },
    encoder: model.network?.encoder ?? '',
    size: { height: model.size?.height ?? 0, width: model.size?.width ?? 0 },
    miou: model.evaluation?.miou ?? null,
    sizeBytes: Number(model.weights?.sizeBytes ?? 0),
    createdAt: isoOf(model.createTime) ?? '',
    download: `${api}/models/${encodeURIComponent(modelId)}/weights`,
  };
}
