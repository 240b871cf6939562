import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EncoderConvention } from '../../../proto/gen/cpral/v1/resources.ts';
import { readEncoderWeights } from '../../../services/shared/model/encoder-weights.ts';
import { freshWeights } from '../../../services/shared/model/fresh-weights.ts';
import { encoderParameters } from '../../../services/shared/model/network-parameters.ts';
import { readSafetensors, writeSafetensors } from '../../../services/shared/model/safetensors.ts';
import { checkWeights, type WeightTensor } from '../../../services/shared/model/weights.ts';
import { hashedTensor } from '../../support/hashed-weights.ts';
import { TINY_DRN, TINY_NETWORK } from '../../support/tiny-network.ts';

const MOBILENET = { ...TINY_NETWORK, widthMultiplier: 1 };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'cpral-encoder-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function fileOf(weights: ReadonlyMap<string, WeightTensor>, name = 'file.safetensors'): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, writeSafetensors(weights));
  return file;
}

/** PyTorch's state_dict of a DRN-D-22 that is as narrow as the tiny network's. */
function narrowDrnState(): Map<string, WeightTensor> {
  const state = new Map<string, WeightTensor>();
  const put = (name: string, shape: readonly number[]) => state.set(name, hashedTensor(name, shape));
  const layer = (convolution: string, norm: string, shape: readonly number[]) => {
    put(`${convolution}.weight`, shape);
    for (const leaf of ['weight', 'bias', 'running_mean', 'running_var']) put(`${norm}.${leaf}`, shape.slice(0, 1));
  };
  const plain = (number: number, shape: readonly number[]) => layer(`layer${number}.0`, `layer${number}.1`, shape);
  plain(0, [2, 3, 7, 7]);
  plain(1, [2, 2, 3, 3]);
  plain(2, [4, 2, 3, 3]);
  let channelsIn = 4;
  for (const [number, channels] of [
    [3, 8],
    [4, 16],
    [5, 32],
    [6, 64],
  ] as const) {
    for (const block of [0, 1]) {
      const prefix = `layer${number}.${block}`;
      layer(`${prefix}.conv1`, `${prefix}.bn1`, [channels, channelsIn, 3, 3]);
      layer(`${prefix}.conv2`, `${prefix}.bn2`, [channels, channels, 3, 3]);
      if (block === 0) layer(`${prefix}.downsample.0`, `${prefix}.downsample.1`, [channels, channelsIn, 1, 1]);
      channelsIn = channels;
    }
  }
  plain(7, [64, 64, 3, 3]);
  plain(8, [64, 64, 3, 3]);
  put('fc.weight', [1000, 64, 1, 1]);
  put('fc.bias', [1000]);
  put('seg.weight', [19, 64, 1, 1]);
  put('up.weight', [19, 1, 16, 16]);
  return state;
}

/** The file as PyTorch writes it: with a counter of whole numbers beside the others. */
function withCounter(file: Uint8Array): Uint8Array {
  const view = new DataView(file.buffer, file.byteOffset);
  const length = Number(view.getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length))) as Record<string, unknown>;
  const numbers = file.subarray(8 + length);
  const counter = { dtype: 'I64', shape: [], data_offsets: [numbers.length, numbers.length + 8] };
  const text = new TextEncoder().encode(JSON.stringify({ ...header, 'layer0.1.num_batches_tracked': counter }));
  const start = Buffer.alloc(8);
  start.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([start, text, numbers, Buffer.alloc(8)]);
}

describe('--encoder-weights', () => {
  it('takes a state_dict of PyTorch, counters of batches and all, and tells the network its convention', async () => {
    const file = path.join(folder, 'drn.safetensors');
    await writeFile(file, withCounter(writeSafetensors(narrowDrnState())));
    const { safetensors, encoderConvention } = (await readEncoderWeights(file, TINY_DRN))!;
    expect(encoderConvention).toBe(EncoderConvention.ENCODER_CONVENTION_PYTORCH);
    const encoder = readSafetensors(safetensors, 'encoder');
    expect(() => checkWeights(encoderParameters(TINY_DRN), encoder, 'encoder')).not.toThrow();
  });

  it('takes tensors under this network’s own names, which follow the network’s convention', async () => {
    const encoderConvention = EncoderConvention.ENCODER_CONVENTION_PYTORCH;
    const weights = freshWeights(encoderParameters(MOBILENET), 1);
    const read = (await readEncoderWeights(await fileOf(weights), { ...MOBILENET, encoderConvention }))!;
    expect(read.encoderConvention).toBe(encoderConvention);
    expect(Buffer.compare(read.safetensors, writeSafetensors(weights))).toBe(0);
  });

  it('left out, starts MobileNetV2 from what nsfwjs ships, and DRN-D at random', async () => {
    expect(await readEncoderWeights(undefined, TINY_DRN)).toBeUndefined();
    expect(await readEncoderWeights('none', MOBILENET)).toBeUndefined();
    const { encoderConvention, safetensors } = (await readEncoderWeights(undefined, MOBILENET))!;
    expect(encoderConvention).toBe(EncoderConvention.ENCODER_CONVENTION_UNSPECIFIED);
    expect(readSafetensors(safetensors, 'nsfwjs').size).toBe(255);
  });

  it('is refused where the file is of another network, naming a tensor or the model', async () => {
    const own = await fileOf(freshWeights(encoderParameters(TINY_DRN), 1), 'own.safetensors');
    await expect(readEncoderWeights(own, MOBILENET)).rejects.toThrow(
      `--encoder-weights: ${own}: expected the tensor encoder/stem/filter, which is missing`,
    );
    const torch = await fileOf(narrowDrnState(), 'torch.safetensors');
    await expect(readEncoderWeights(torch, MOBILENET)).rejects.toThrow(
      `--encoder-weights: ${torch}: expected weights of mobilenetv2, got those of drn-d-22`,
    );
    await expect(readEncoderWeights('keras/model.json', TINY_DRN)).rejects.toThrow(
      '--encoder-weights: expected a safetensors file for drn-d-22, got keras/model.json: Keras models are read for mobilenetv2',
    );
  });

  it('is refused where it is a pickle of PyTorch, saying how to make a file of it', async () => {
    await expect(readEncoderWeights('drn_d_22.pth', TINY_DRN)).rejects.toThrow(
      '--encoder-weights: expected a safetensors file, got drn_d_22.pth; docs/weights.md says how a file of PyTorch becomes one',
    );
  });
});
