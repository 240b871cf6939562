// A trained network as an ONNX model: from the bytes of an image to logits and classes, the scaling of its pixels included.
import type { ImageSize, NetworkConfig } from '../../../proto/gen/cpral/v1/resources.ts';
import { ModelProto, type ValueInfoProto } from '../../../proto/gen/onnx/onnx.ts';
import { classify, refineFeatures } from '../model/deeplab.ts';
import { encode } from '../model/encoder.ts';
import { foldBatchNorm } from '../model/fold-batch-norm.ts';
import { scoringLayers } from '../model/layers.ts';
import { networkParameters } from '../model/network-parameters.ts';
import { scaleImages } from '../model/scale-images.ts';
import { checkWeights, type Weights } from '../model/weights.ts';
import { addFloats, addNode, ONNX_TYPES, type OnnxGraph, type OnnxTensor } from './onnx-graph.ts';
import { onnxOperations } from './onnx-operations.ts';

const IR_VERSION = 8n;
const OPSET = 18n;

export interface OnnxModelOptions {
  readonly network: NetworkConfig;
  readonly classCount: number;
  readonly size: ImageSize;
  /** As trained; batch norm is folded here. */
  readonly weights: Weights;
  /** Kept in the file. */
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * @returns a model with the input image, uint8 [1, height, width, 3] of RGB, and the outputs logits, float32
 * [1, height, width, classes], and classes, int64 [1, height, width]; in float32 whatever the network was trained in
 * @throws INVALID_ARGUMENT where the weights are not the network's
 */
export function onnxModel({ network, classCount, size, weights, metadata }: OnnxModelOptions): Uint8Array {
  checkWeights(networkParameters(network, classCount), weights, 'weights');
  const { height, width } = size;
  const graph: OnnxGraph = { nodes: [], initializers: [] };
  const folded = foldBatchNorm(weights);
  const known = new Map<string, OnnxTensor>();
  const layers = scoringLayers(onnxOperations(graph), ({ name, shape }) => {
    const made = known.get(name);
    if (made) return made;
    const tensor = addFloats(graph, name, folded.get(name)!.data, shape);
    known.set(name, tensor);
    return tensor;
  });

  const image = { name: 'image', shape: [1, height, width, 3] };
  const features = encode(layers, scaleImages(layers, image, network), network);
  const decoded = classify(layers, refineFeatures(layers, features, network), { classCount, height, width });
  const logits = addNode(graph, 'Identity', [decoded], decoded.shape);
  const classes = addNode(graph, 'ArgMax', [decoded], [1, height, width], { axis: -1, keepdims: 0 });
  for (const { output } of graph.nodes) {
    if (output[0] === logits.name) output[0] = 'logits';
    if (output[0] === classes.name) output[0] = 'classes';
  }
  return ModelProto.encode({
    irVersion: IR_VERSION,
    producerName: 'cpral',
    producerVersion: '',
    opsetImport: [{ domain: '', version: OPSET }],
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    graph: {
      name: 'segmentation',
      node: graph.nodes,
      initializer: graph.initializers,
      input: [valueInfo(image, ONNX_TYPES.uint8)],
      output: [
        valueInfo({ ...logits, name: 'logits' }, ONNX_TYPES.float32),
        valueInfo({ ...classes, name: 'classes' }, ONNX_TYPES.int64),
      ],
    },
  }).finish();
}

function valueInfo({ name, shape }: OnnxTensor, elemType: number): ValueInfoProto {
  const dim = shape.map((size) => ({ dimValue: BigInt(size) }));
  return { name, type: { tensorType: { elemType, shape: { dim } } } };
}
