// Extends the labels of a shard of images: to similar context in the same image, or by the model itself.
import type { ExtendLabelsResult, ExtendLabelsSpec } from '../../proto/gen/cpral/v1/label_extender.ts';
import { type ExtensionConfig, ExtensionFeatures, ExtensionMethod } from '../../proto/gen/cpral/v1/resources.ts';
import { about } from '../shared/about.ts';
import { checkClassCount, checkEnum, checkSize } from '../shared/check-spec.ts';
import type { ComputeContext } from '../shared/compute/compute.ts';
import { type CpralError, invalid } from '../shared/errors.ts';
import { decodeImage, type Pixels, type Size } from '../shared/images/images.ts';
import { readLabel, storeLabel } from '../shared/labels/label-masks.ts';
import type { PixelLabel } from '../shared/labels/pixel-label.ts';
import type { ScoringSession } from '../shared/model/scoring-session.ts';
import { readBlob } from '../shared/objects/blob.ts';
import type { ObjectStore } from '../shared/objects/object-store.ts';
import { extendLabel } from './extend.ts';
import { gridSize } from './grid.ts';
import { pseudoLabel } from './self-training.ts';

/** Cells of an image's grid: each is compared with each labelled one. */
export const GRID_CELLS_MAX = 1 << 16;

export default async function extendLabels(
  spec: ExtendLabelsSpec,
  { objects, progress }: ComputeContext,
): Promise<ExtendLabelsResult> {
  const shape = { size: checkSize(spec.size), classCount: checkClassCount(spec.classCount) };
  const extend = await openExtension(spec, checkConfig(spec.config, shape.size), objects);
  const labels: ExtendLabelsResult['labels'] = [];
  for (const [index, image] of spec.images.entries()) {
    const { imageId } = image;
    const name = `image ${imageId}`;
    const pixels = await about(name, decodeImage(await readBlob(objects, image.image, name), shape.size));
    const label = await readLabel(objects, image, shape);
    labels.push(await storeLabel(objects, imageId, extend(pixels, label)));
    progress({ unitsDone: index + 1, unitsTotal: spec.images.length, message: `extended ${imageId}` });
  }
  return { labels };
}

/** @returns from an image, as large as its label, and that label a new one */
async function openExtension(
  spec: ExtendLabelsSpec,
  config: ExtensionConfig,
  objects: ObjectStore,
): Promise<(image: Pixels, label: PixelLabel) => PixelLabel> {
  const { classCount } = spec;
  if (config.method === ExtensionMethod.EXTENSION_METHOD_SELF_TRAINING) {
    const session = await openModel(spec, objects);
    return (image, label) => pseudoLabel(session.prediction(image.data), label, config);
  }
  if (config.features === ExtensionFeatures.EXTENSION_FEATURES_ENCODER) {
    const session = await openModel(spec, objects);
    return (image, label) =>
      extendLabel(image, label, { ...config, classCount, features: session.features(image.data) });
  }
  return (image, label) => extendLabel(image, label, { ...config, classCount, features: undefined });
}

async function openModel({ model, size }: ExtendLabelsSpec, objects: ObjectStore): Promise<ScoringSession> {
  if (model?.size?.height !== size?.height || model?.size?.width !== size?.width) {
    throw refusal(
      'model.size',
      `the labels' ${size?.height}x${size?.width}`,
      model?.size ? `${model.size.height}x${model.size.width}` : 'no model',
    );
  }
  // Loads TensorFlow, which colours do without.
  const { openScoringModel } = await import('../shared/model/open-scoring-model.ts');
  return openScoringModel(objects, model);
}

function checkConfig(config: ExtensionConfig | undefined, size: Size): ExtensionConfig {
  if (config === undefined) throw invalid('config: expected an extension configuration, got none', { field: 'config' });
  const { scale, stridePx, minConfidence, maxDistancePx, features, method } = config;
  if (!(scale >= 0 && Number.isFinite(scale))) throw refusal('scale', 'a number from 0', scale);
  if (!Number.isInteger(stridePx) || stridePx < 1) throw refusal('stride_px', 'a whole number from 1', stridePx);
  if (!(minConfidence >= 0 && minConfidence <= 1))
    throw refusal('min_confidence', 'a share from 0 to 1', minConfidence);
  if (!Number.isInteger(maxDistancePx) || maxDistancePx < 0) {
    throw refusal('max_distance_px', 'a whole number from 0', maxDistancePx);
  }
  checkEnum('method', method, { values: ExtensionMethod, expected: 'context or self-training' });
  checkEnum('features', features, { values: ExtensionFeatures, expected: 'rgb or encoder' });
  const grid = gridSize(size, stridePx);
  if (grid.height * grid.width > GRID_CELLS_MAX) {
    const actual = `${stridePx} with ${grid.height}x${grid.width} cells`;
    throw refusal('stride_px', `a stride that leaves at most ${GRID_CELLS_MAX} cells`, actual);
  }
  return config;
}

const refusal = (field: string, expected: string, actual: number | string): CpralError =>
  invalid(`${field}: expected ${expected}, got ${actual}`, { field });
