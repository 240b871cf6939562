import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  encoderFromKeras,
  kerasMobilenetToSafetensors,
  NSFWJS_MODEL,
} from '../../../services/shared/model/keras-mobilenet.ts';
import { readKerasModel, readNsfwjsModel } from '../../../services/shared/model/keras-model.ts';
import { BATCH_NORM_EPSILON } from '../../../services/shared/model/layers.ts';
import { networkParameters } from '../../../services/shared/model/network-parameters.ts';
import { readSafetensors } from '../../../services/shared/model/safetensors.ts';
import { checkWeights } from '../../../services/shared/model/weights.ts';
import { TINY_NETWORK } from '../../support/tiny-network.ts';

const network = { ...TINY_NETWORK, widthMultiplier: 1 };

describe('the MobileNetV2 of nsfwjs', () => {
  it('has every tensor of the encoder, in its shape and finite', async () => {
    const encoder = readSafetensors(await kerasMobilenetToSafetensors(NSFWJS_MODEL), 'encoder');
    const parameters = networkParameters(network, 2).filter(({ name }) => name.startsWith('encoder/'));
    expect(() => checkWeights(parameters, encoder, 'encoder')).not.toThrow();
    expect(encoder.size).toBe(255);
  });

  it('gives the same stem for pixels in [0, 1] as Keras gives for pixels in [-1, 1]', async () => {
    const encoder = encoderFromKeras(await readNsfwjsModel(), { range: 'minus-one-to-one', source: 'model' });
    const keras = await readNsfwjsModel();
    const pixels = Array.from({ length: 27 }, (_, i) => ((i * 7) % 13) / 13);
    const channel = 5;
    const stem = (filter: Float32Array, mean: Float32Array, x: number[]) =>
      x.reduce((sum, value, i) => sum + value * filter[i * 32 + channel]!, 0) - mean[channel]!;
    const ours = stem(encoder.get('encoder/stem/filter')!.data, encoder.get('encoder/stem/mean')!.data, pixels);
    const theirs = stem(
      keras.get('Conv1/kernel')!.data,
      keras.get('bn_Conv1/moving_mean')!.data,
      pixels.map((value) => 2 * value - 1),
    );
    expect(ours).toBeCloseTo(theirs, 5);
    expect(BATCH_NORM_EPSILON).toBe(1e-3);
  });
});

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
