import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { SymbolicTensor, Tensor } from '@tensorflow/tfjs-node-gpu';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EncoderConvention } from '../../../proto/gen/cpral/v1/resources.ts';
import { encode } from '../../../services/shared/model/encoder.ts';
import { foldBatchNorm } from '../../../services/shared/model/fold-batch-norm.ts';
import { graphOperations } from '../../../services/shared/model/graph-operations.ts';
import { kerasMobilenetToSafetensors, NSFWJS_MODEL } from '../../../services/shared/model/keras-mobilenet.ts';
import { readKerasModel, readNsfwjsModel } from '../../../services/shared/model/keras-model.ts';
import { scoringLayers } from '../../../services/shared/model/layers.ts';
import { networkParameters } from '../../../services/shared/model/network-parameters.ts';
import { readSafetensors } from '../../../services/shared/model/safetensors.ts';
import { scaleImages } from '../../../services/shared/model/scale-images.ts';
import { checkWeights } from '../../../services/shared/model/weights.ts';
import { tf } from '../../support/eager-operations.ts';
import { expectClose } from '../../support/expect-close.ts';
import { hashedUniform } from '../../support/hashed-weights.ts';
import { runGraph } from '../../support/run-graph.ts';
import { TINY_NETWORK } from '../../support/tiny-network.ts';

const network = { ...TINY_NETWORK, widthMultiplier: 1 };

describe('the MobileNetV2 of nsfwjs', () => {
  it('has every tensor of the encoder, in its shape and finite', async () => {
    const encoder = readSafetensors(await kerasMobilenetToSafetensors(NSFWJS_MODEL), 'encoder');
    const parameters = networkParameters(network, 2).filter(({ name }) => name.startsWith('encoder/'));
    expect(() => checkWeights(parameters, encoder, 'encoder')).not.toThrow();
    expect(encoder.size).toBe(255);
  });

  it.each([
    ['[0, 1]', EncoderConvention.ENCODER_CONVENTION_UNSPECIFIED, (pixel: number) => pixel / 255],
    ['[-1, 1]', EncoderConvention.ENCODER_CONVENTION_KERAS, (pixel: number) => pixel / 127.5 - 1],
  ])('has the features that Keras computes of pixels in %s', async (_, encoderConvention, scale) => {
    const pixels = Uint8Array.from(hashedUniform('keras', SIDE * SIDE * 3), (value) => Math.floor(256 * value));
    const keras = await kerasFeatures(Float32Array.from(pixels, scale));

    const weights = foldBatchNorm(readSafetensors(await kerasMobilenetToSafetensors(NSFWJS_MODEL), 'encoder'));
    const names = [...weights.keys()];
    const inputs = [{ shape: [1, SIDE, SIDE, 3], data: pixels }, ...weights.values()];
    const [ours] = runGraph(inputs, (graph, [image, ...values]) => {
      const byName = new Map(names.map((name, i) => [name, values[i]!]));
      const layers = scoringLayers(graphOperations(graph), ({ name }) => byName.get(name)!);
      const convention = { ...network, encoderConvention };
      return [encode(layers, scaleImages(layers, image!, convention), convention).stages[3]!];
    });
    expect(ours!.shape).toEqual(keras.shape);
    expect(Math.max(...keras.data)).toBeGreaterThan(1);
    expectClose(ours!.data, keras.data, 1e-4);
  });
});

/** The only size that the model of nsfwjs takes. */
const SIDE = 224;

/** What the layers of TensorFlow.js make of nsfwjs' model, where its fourth stage ends: the next one keeps its size here alone. */
async function kerasFeatures(pixels: Float32Array) {
  const { MobileNetV2Model } = (await import('nsfwjs/models/mobilenet_v2')) as {
    readonly MobileNetV2Model: { modelJson(): Promise<{ readonly default: { readonly modelTopology: object } }> };
  };
  const { modelTopology } = (await MobileNetV2Model.modelJson()).default;
  const whole = await tf.models.modelFromJSON({ modelTopology: { ...modelTopology } });
  const { output } = whole.getLayer('block_12_add');
  const model = tf.model({ inputs: whole.inputs, outputs: output as SymbolicTensor });
  const named = [...(await readNsfwjsModel())].map(([name, { shape, data }]) => [name, tf.tensor(data, [...shape])]);
  model.loadWeights(Object.fromEntries(named) as Record<string, Tensor>, false);
  const features = model.predict(tf.tensor(pixels, [1, SIDE, SIDE, 3])) as Tensor;
  return { shape: features.shape, data: features.dataSync<'float32'>() };
}

describe('a folder that TensorFlow.js saved', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'cpral-keras-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function modelOf(paths: unknown[], weights: unknown[]): Promise<string> {
    await writeFile(path.join(folder, 'model.json'), JSON.stringify({ weightsManifest: [{ paths, weights }] }));
    return folder;
  }
  const plain = { name: 'a', shape: [2], dtype: 'float32' };

  it('is read across its shards, quantised or not', async () => {
    const quantised = {
      name: 'b',
      shape: [2],
      dtype: 'float32',
      quantization: { min: -1, scale: 0.5, dtype: 'uint8' },
    };
    await writeFile(path.join(folder, 'one.bin'), Buffer.from(Float32Array.of(1.5, -2).buffer).subarray(0, 6));
    const rest = Buffer.from(Float32Array.of(1.5, -2).buffer).subarray(6);
    await writeFile(path.join(folder, 'two.bin'), Buffer.concat([rest, Buffer.from([0, 4])]));
    const weights = await readKerasModel(await modelOf(['one.bin', 'two.bin'], [plain, quantised]));
    expect([...weights.get('a')!.data]).toEqual([1.5, -2]);
    expect([...weights.get('b')!.data]).toEqual([-1, 1]);
  });

  for (const shard of ['../one.bin', '/etc/passwd', 'a/b.bin', '..', '.hidden', 7]) {
    it(`is refused where a shard is named ${JSON.stringify(shard)}`, async () => {
      const reading = readKerasModel(await modelOf([shard], [plain]));
      await expect(reading).rejects.toThrow(/expected plain file names in weightsManifest.paths/);
    });
  }

  it('is refused where bytes are missing, or are left over', async () => {
    await writeFile(path.join(folder, 'short.bin'), Buffer.alloc(4));
    await expect(readKerasModel(await modelOf(['short.bin'], [plain]))).rejects.toThrow(
      'expected weights up to byte 8, got 4',
    );
    await writeFile(path.join(folder, 'long.bin'), Buffer.alloc(12));
    await expect(readKerasModel(await modelOf(['long.bin'], [plain]))).rejects.toThrow(
      'expected 8 bytes of weights, got 12',
    );
  });

  it('is refused where a shard or the model is missing, or it is no MobileNetV2', async () => {
    await expect(readKerasModel(await modelOf(['absent.bin'], [plain]))).rejects.toThrow(/absent.bin: expected a file/);
    await expect(readKerasModel(path.join(folder, 'nowhere'))).rejects.toThrow(/nowhere: expected a file/);
    await writeFile(path.join(folder, 'one.bin'), Buffer.alloc(8));
    const converting = kerasMobilenetToSafetensors(await modelOf(['one.bin'], [plain]));
    await expect(converting).rejects.toThrow('expected a MobileNetV2 of Keras, but Conv1/kernel is missing');
  });
});
