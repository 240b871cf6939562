// Extends the labels of a shard of images to similar context in the same image.
import type { ExtendLabelsResult, ExtendLabelsSpec } from '../../proto/gen/cpral/v1/label_extender.ts';
import { type ExtensionConfig, ExtensionFeatures } from '../../proto/gen/cpral/v1/resources.ts';
import { about } from '../shared/about.ts';
import { checkClassCount, checkSize } from '../shared/check-spec.ts';
import type { ComputeContext } from '../shared/compute/compute.ts';
import { type CpralError, invalid } from '../shared/errors.ts';
import { decodeImage, type Size } from '../shared/images/images.ts';
import { readLabel, storeLabel } from '../shared/labels/label-masks.ts';
import { readBlob } from '../shared/objects/blob.ts';
import type { ObjectStore } from '../shared/objects/object-store.ts';
import { extendLabel } from './extend.ts';
import { gridSize } from './grid.ts';

/** Cells of an image's grid: each is compared with each labelled one. */
export const GRID_CELLS_MAX = 1 << 16;

export default async function extendLabels(
  spec: ExtendLabelsSpec,
  { objects, progress }: ComputeContext,
): Promise<ExtendLabelsResult> {
  const shape = { size: checkSize(spec.size), classCount: checkClassCount(spec.classCount) };
  const { features: kind, ...config } = checkConfig(spec.config, shape.size);
  const options = { ...config, classCount: shape.classCount };
  const encoder = kind === ExtensionFeatures.EXTENSION_FEATURES_ENCODER ? await openEncoder(spec, objects) : undefined;
  const labels: ExtendLabelsResult['labels'] = [];
  for (const [index, image] of spec.images.entries()) {
    const { imageId } = image;
    const name = `image ${imageId}`;
    const pixels = await about(name, decodeImage(await readBlob(objects, image.image, name), shape.size));
    const features = encoder?.(pixels.data);
    const label = extendLabel(pixels, await readLabel(objects, image, shape), { ...options, features });
    labels.push(await storeLabel(objects, imageId, label));
    progress({ unitsDone: index + 1, unitsTotal: spec.images.length, message: `extended ${imageId}` });
  }
  return { labels };
}

/** @returns from an image its last encoder features */
async function openEncoder({ model, size }: ExtendLabelsSpec, objects: ObjectStore) {
  if (model?.size?.height !== size?.height || model?.size?.width !== size?.width) {
    throw refusal(
      'model.size',
      `the labels' ${size?.height}x${size?.width}`,
      model?.size ? `${model.size.height}x${model.size.width}` : 'no model',
    );
  }
  // Loads TensorFlow, which colours do without.
  const { openScoringModel } = await import('../shared/model/open-scoring-model.ts');
  const session = await openScoringModel(objects, model);
  return (rgb: Uint8Array) => session.features(rgb);
}

function checkConfig(config: ExtensionConfig | undefined, size: Size): ExtensionConfig {
  if (config === undefined) throw invalid('config: expected an extension configuration, got none', { field: 'config' });
  const { scale, stridePx, minConfidence, maxDistancePx, features } = config;
  if (!(scale >= 0 && Number.isFinite(scale))) throw refusal('scale', 'a number from 0', scale);
  if (!Number.isInteger(stridePx) || stridePx < 1) throw refusal('stride_px', 'a whole number from 1', stridePx);
  if (!(minConfidence >= 0 && minConfidence <= 1))
    throw refusal('min_confidence', 'a share from 0 to 1', minConfidence);
  if (!Number.isInteger(maxDistancePx) || maxDistancePx < 0) {
    throw refusal('max_distance_px', 'a whole number from 0', maxDistancePx);
  }
  if (!Object.values<number>(ExtensionFeatures).includes(features) || features < 0) {
    throw refusal('features', 'rgb or encoder', features);
  }
  const grid = gridSize(size, stridePx);
  if (grid.height * grid.width > GRID_CELLS_MAX) {
    const actual = `${stridePx} with ${grid.height}x${grid.width} cells`;
    throw refusal('stride_px', `a stride that leaves at most ${GRID_CELLS_MAX} cells`, actual);
  }
  return config;
}

const refusal = (field: string, expected: string, actual: number | string): CpralError =>
  invalid(`${field}: expected ${expected}, got ${actual}`, { field });
