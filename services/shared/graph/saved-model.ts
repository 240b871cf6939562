// Writes a graph with its signatures as the bytes of TensorFlow's saved_model.pb.
import { GraphDef, type NodeDef, SavedModel, type TensorInfo } from '../../../proto/gen/tensorflow/saved_model.ts';
import { shapeMessage, TYPE_NUMBERS, tensorName } from './attributes.ts';
import type { Graph, GraphNode, Tensor } from './graph.ts';

/** A function of the graph: running it computes the outputs, and what they come after, from the inputs. */
export interface Signature {
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly outputs: Readonly<Record<string, Tensor>>;
}

const SCHEMA_VERSION = 1n;
/** The graph's dialect, so that a TensorFlow that no longer speaks it says so. */
const VERSIONS = { producer: 1395, minConsumer: 12 };

export function writeSavedModel(graph: Graph, signatures: Readonly<Record<string, Signature>>): Uint8Array {
  const signatureDef = mapValues(signatures, ({ inputs, outputs }) => ({
    inputs: mapValues(inputs, tensorInfo),
    outputs: mapValues(outputs, tensorInfo),
    methodName: 'tensorflow/serving/predict',
  }));
  return SavedModel.encode({
    savedModelSchemaVersion: SCHEMA_VERSION,
    metaGraphs: [
      {
        metaInfoDef: { tags: ['serve'], tensorflowVersion: '2.21.0' },
        graphDef: GraphDef.create({ node: graph.nodes.map(nodeMessage), versions: VERSIONS }),
        signatureDef,
      },
    ],
  }).finish();
}

function nodeMessage(node: GraphNode): NodeDef {
  const input = [...node.inputs.map(tensorName), ...node.after.map(({ name }) => `^${name}`)];
  return { name: node.name, op: node.op, input, attr: { ...node.attributes } };
}

function tensorInfo(tensor: Tensor): TensorInfo {
  return { name: tensorName(tensor), dtype: TYPE_NUMBERS[tensor.dtype], tensorShape: shapeMessage(tensor.shape) };
}

function mapValues<In, Out>(record: Readonly<Record<string, In>>, map: (value: In) => Out): Record<string, Out> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
