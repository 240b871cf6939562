// Where Keras models come from: a folder that TensorFlow.js saved, or the one that the package nsfwjs ships.
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { invalid } from '../errors.ts';
import { readManifest, readWeights } from './keras-weights.ts';
import { MAX_SAFETENSORS_BYTES } from './safetensors.ts';
import type { WeightTensor } from './weights.ts';

const MAX_MODEL_JSON_BYTES = 16 << 20;

/** @param file a model.json, or the folder that holds one; its shards lie beside it */
export async function readKerasModel(file: string): Promise<Map<string, WeightTensor>> {
  const isFolder = (await stat(file).catch(() => undefined))?.isDirectory() ?? false;
  const model = isFolder ? path.join(file, 'model.json') : file;
  const manifest = readManifest(parse(await readLimited(model, MAX_MODEL_JSON_BYTES), model), model);
  const shards: Uint8Array[] = [];
  for (const shard of manifest.shards) {
    shards.push(await readLimited(path.join(path.dirname(model), shard), MAX_SAFETENSORS_BYTES));
  }
  return readWeights(manifest, Buffer.concat(shards), model);
}

/** MobileNetV2 as nsfwjs trained it from ImageNet weights, quantised to bytes. It expects pixels in [0, 1]. */
export async function readNsfwjsModel(): Promise<Map<string, WeightTensor>> {
  const source = 'the package nsfwjs';
  const { MobileNetV2Model } = (await import('nsfwjs/models/mobilenet_v2')) as NsfwjsModule;
  const manifest = readManifest((await MobileNetV2Model.modelJson()).default, source);
  const bundles = await Promise.all(MobileNetV2Model.weightBundles.map((bundle) => bundle()));
  const bytes = Buffer.concat(bundles.map((bundle) => Buffer.from(bundle.default, 'base64')));
  return readWeights(manifest, bytes, source);
}

/** What the package says of its model, which comes as modules. */
interface NsfwjsModule {
  readonly MobileNetV2Model: {
    modelJson(): Promise<{ readonly default: unknown }>;
    readonly weightBundles: readonly (() => Promise<{ readonly default: string }>)[];
  };
}

async function readLimited(file: string, limitBytes: number): Promise<Uint8Array> {
  const { size } = await stat(file).catch((cause: unknown) => {
    throw invalid(`${file}: expected a file of a TensorFlow.js layers model, which is missing`, { cause });
  });
  if (size > limitBytes) throw invalid(`${file}: expected at most ${limitBytes} bytes, got ${size}`);
  return readFile(file);
}

function parse(bytes: Uint8Array, source: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw invalid(`${source}: expected a TensorFlow.js layers model in JSON`, { cause });
  }
}
