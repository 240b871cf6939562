import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EncoderConvention, type NetworkConfig, Precision } from '../../../proto/gen/cpral/v1/resources.ts';
import { classify, refineFeatures } from '../../../services/shared/model/deeplab.ts';
import { encode } from '../../../services/shared/model/encoder.ts';
import { foldBatchNorm } from '../../../services/shared/model/fold-batch-norm.ts';
import { freshWeights } from '../../../services/shared/model/fresh-weights.ts';
import { graphOperations } from '../../../services/shared/model/graph-operations.ts';
import { scoringLayers } from '../../../services/shared/model/layers.ts';
import { networkParameters } from '../../../services/shared/model/network-parameters.ts';
import { scaleImages } from '../../../services/shared/model/scale-images.ts';
import { onnxModel } from '../../../services/shared/onnx/onnx-model.ts';
import { seededRandom } from '../../../services/shared/random.ts';
import { pythonWith } from '../../support/python.ts';
import { floats, runGraph } from '../../support/run-graph.ts';
import { TINY_CLASSES, TINY_DRN, TINY_NETWORK, TINY_SIZE, tinyImage } from '../../support/tiny-network.ts';

const TOLERANCE = 1e-4;
const { height, width } = TINY_SIZE;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'cpral-onnx-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Fresh weights whose batch norms have something to normalise. */
function weightsOf(network: NetworkConfig) {
  const random = seededRandom('statistics');
  const fresh = freshWeights(networkParameters(network, TINY_CLASSES), 5);
  for (const [name, { data }] of fresh) {
    if (/\/(beta|mean)$/.test(name)) for (let i = 0; i < data.length; i++) data[i] = 0.4 * random() - 0.2;
    if (/\/(gamma|variance)$/.test(name)) for (let i = 0; i < data.length; i++) data[i] = 0.5 + random();
  }
  return fresh;
}

/** By TensorFlow, through the graph that scores images. */
function ourLogits(network: NetworkConfig, image: Uint8Array): Float32Array {
  const folded = [...foldBatchNorm(weightsOf(network))];
  const inputs = [floats([1, height, width, 3], image), ...folded.map(([, { shape, data }]) => floats(shape, data))];
  const [logits] = runGraph(inputs, (graph, [pixels, ...values]) => {
    const byName = new Map(folded.map(([name], i) => [name, values[i]!]));
    const layers = scoringLayers(graphOperations(graph), ({ name }) => byName.get(name)!);
    const features = encode(layers, scaleImages(layers, pixels!, network), network);
    return [classify(layers, refineFeatures(layers, features, network), { classCount: TINY_CLASSES, height, width })];
  });
  return logits!.data as Float32Array;
}

const NETWORKS: [string, NetworkConfig][] = [
  ['MobileNetV2', TINY_NETWORK],
  [
    'MobileNetV2 by the convention of PyTorch, separable',
    {
      ...TINY_NETWORK,
      encoderConvention: EncoderConvention.ENCODER_CONVENTION_PYTORCH,
      decoderSeparable: true,
    },
  ],
  ['DRN-D', TINY_DRN],
  ['DRN-D with bottlenecks', { ...TINY_DRN, encoder: 'drn-d-54' }],
];

describe('an exported model', () => {
  it.each(NETWORKS)('of %s gives in onnxruntime what it gives here', async (_, network) => {
    const python = await pythonWith(['onnx', 'onnxruntime']);
    const image = tinyImage('onnx');
    const ours = ourLogits(network, image);
    const shape = { classCount: TINY_CLASSES, size: TINY_SIZE, weights: weightsOf(network) };
    const file = (name: string) => path.join(folder, name);
    // What runs here in float32 is what is written, whatever the training ran in.
    const written = { ...network, precision: Precision.PRECISION_BFLOAT16 };
    await writeFile(file('model.onnx'), onnxModel({ ...shape, network: written, metadata: { model: 'm-1' } }));
    await writeFile(file('image.rgb'), image);
    const names = ['model.onnx', 'image.rgb', 'logits.f32', 'classes.i64'].map(file);
    const printed = await python(['test/shared/onnx/run_onnx.py', ...names]);
    expect(printed.trim()).toBe(`(1, ${height}, ${width}, ${TINY_CLASSES}) (1, ${height}, ${width}) {'model': 'm-1'}`);

    const read = async (name: string) => new Uint8Array(await readFile(file(name))).buffer;
    const theirs = new Float32Array(await read('logits.f32'));
    const classes = new BigInt64Array(await read('classes.i64'));
    const scale = ours.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const apart = ours.reduce((most, value, i) => Math.max(most, Math.abs(value - theirs[i]!)), 0);
    expect(scale).toBeGreaterThan(0.1);
    expect(apart).toBeLessThan(TOLERANCE * Math.max(1, scale));
    for (const [pixel, classId] of classes.entries()) {
      const row = theirs.subarray(pixel * TINY_CLASSES, (pixel + 1) * TINY_CLASSES);
      expect(row[Number(classId)]).toBe(Math.max(...row));
    }
  });

  it('is refused where a weight is missing or has another shape', () => {
    const shape = { network: TINY_NETWORK, classCount: TINY_CLASSES, size: TINY_SIZE, metadata: {} };
    const weights = weightsOf(TINY_NETWORK);
    expect(() => onnxModel({ ...shape, weights, classCount: TINY_CLASSES + 1 })).toThrow(
      `decoder/classifier/filter: expected the shape [1,1,8,${TINY_CLASSES + 1}], got [1,1,8,${TINY_CLASSES}]`,
    );
    weights.delete('aspp/local/filter');
    expect(() => onnxModel({ ...shape, weights })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('aspp/local/filter') }),
    );
  });
});
