import { describe, expect, it } from 'vitest';
import { gradientTable } from '../../../services/shared/graph/gradients/gradient-table.ts';
import { gradients } from '../../../services/shared/graph/gradients/gradients.ts';
import { type Graph, sizeOf, type Tensor } from '../../../services/shared/graph/graph.ts';
import { constant } from '../../../services/shared/graph/operations/constant.ts';
import { conv2d, depthwiseConv2d, transposedConv2d } from '../../../services/shared/graph/operations/convolution.ts';
import { softmaxCrossEntropy } from '../../../services/shared/graph/operations/cross-entropy.ts';
import { binary, cast, unary } from '../../../services/shared/graph/operations/elementwise.ts';
import { batchMatmul, matmul } from '../../../services/shared/graph/operations/matmul.ts';
import { batchNorm, biasAdd } from '../../../services/shared/graph/operations/normalisation.ts';
import { reduce } from '../../../services/shared/graph/operations/reduction.ts';
import { resizeBilinear } from '../../../services/shared/graph/operations/resize.ts';
import {
  batchToSpace,
  concat,
  pad,
  reshape,
  slice,
  spaceToBatch,
  tile,
  transpose,
} from '../../../services/shared/graph/operations/shape.ts';
import { seededRandom } from '../../../services/shared/random.ts';
import type { TensorValue } from '../../../services/shared/tensorflow/tensorflow.ts';
import { expectClose } from '../../support/expect-close.ts';
import { floats, openGraph, runGraph } from '../../support/run-graph.ts';

interface Case {
  readonly claim: string;
  readonly shapes: readonly (readonly number[])[];
  readonly build: (graph: Graph, inputs: Tensor[]) => Tensor;
  /** Draws an input value; keeps away from where a derivative jumps. */
  readonly draw?: (random: () => number) => number;
  /** Difference quotients of products are exact at any step; curved operations need a small one. */
  readonly step?: number;
}

const signed = (random: () => number) => 2 * random() - 1;
const awayFromKinks = (random: () => number) => (random() < 0.5 ? -1 : 1) * (0.5 + 4 * random());
const positive = (random: () => number) => 0.5 + random();
const plain = { stride: 1, dilation: 1 };

const cases: Readonly<Record<string, readonly Case[]>> = {
  Conv2D: [
    {
      claim: '3x3',
      shapes: [
        [2, 5, 4, 3],
        [3, 3, 3, 2],
      ],
      build: (g, [x, w]) => conv2d(g, x!, w!, plain),
    },
    {
      claim: '3x3 with stride 2',
      shapes: [
        [2, 6, 5, 3],
        [3, 3, 3, 2],
      ],
      build: (g, [x, w]) => conv2d(g, x!, w!, { ...plain, stride: 2 }),
    },
    {
      claim: '3x3 with stride 2, padded alike at both ends',
      shapes: [
        [2, 6, 5, 3],
        [3, 3, 3, 2],
      ],
      build: (g, [x, w]) => conv2d(g, x!, w!, { ...plain, stride: 2, padding: 'symmetric' }),
    },
    {
      claim: '3x3 dilated by 2',
      shapes: [
        [1, 7, 6, 2],
        [3, 3, 2, 2],
      ],
      build: (g, [x, w]) => conv2d(g, x!, w!, { ...plain, dilation: 2 }),
    },
    {
      claim: '3x3 dilated beyond the image',
      shapes: [
        [1, 3, 4, 2],
        [3, 3, 2, 2],
      ],
      build: (g, [x, w]) => conv2d(g, x!, w!, { ...plain, dilation: 6 }),
    },
  ],
  Conv2DBackpropInput: [
    {
      claim: '4x4 with stride 2',
      shapes: [
        [2, 3, 2, 3],
        [4, 4, 2, 3],
      ],
      build: (g, [x, w]) => transposedConv2d(g, x!, w!, 2),
    },
    {
      claim: '3x3 with stride 1',
      shapes: [
        [1, 4, 3, 2],
        [3, 3, 4, 2],
      ],
      build: (g, [x, w]) => transposedConv2d(g, x!, w!, 1),
    },
  ],
  DepthwiseConv2dNative: [
    {
      claim: '3x3',
      shapes: [
        [2, 5, 4, 3],
        [3, 3, 3, 1],
      ],
      build: (g, [x, w]) => depthwiseConv2d(g, x!, w!, plain),
    },
    {
      claim: '3x3 with stride 2',
      shapes: [
        [2, 6, 5, 3],
        [3, 3, 3, 1],
      ],
      build: (g, [x, w]) => depthwiseConv2d(g, x!, w!, { ...plain, stride: 2 }),
    },
    {
      claim: '3x3 with stride 2, padded alike at both ends',
      shapes: [
        [2, 6, 5, 3],
        [3, 3, 3, 1],
      ],
      build: (g, [x, w]) => depthwiseConv2d(g, x!, w!, { ...plain, stride: 2, padding: 'symmetric' }),
    },
    {
      claim: '3x3 dilated by 2',
      shapes: [
        [2, 5, 6, 3],
        [3, 3, 3, 1],
      ],
      build: (g, [x, w]) => depthwiseConv2d(g, x!, w!, { ...plain, dilation: 2 }),
    },
  ],
  SparseSoftmaxCrossEntropyWithLogits: [
    {
      claim: 'logits',
      shapes: [[3, 4]],
      step: 0.02,
      build: (g, [x]) => softmaxCrossEntropy(g, x!, constant(g, [0, 3, 1])),
    },
  ],
  AddV2: [{ claim: 'broadcast', shapes: [[2, 3], [3]], build: (g, [a, b]) => binary(g, 'AddV2', a!, b!) }],
  Sub: [
    {
      claim: 'broadcast',
      shapes: [
        [2, 1],
        [2, 3],
      ],
      build: (g, [a, b]) => binary(g, 'Sub', a!, b!),
    },
  ],
  Mul: [
    {
      claim: 'broadcast',
      shapes: [
        [2, 2, 3],
        [2, 1, 1],
      ],
      build: (g, [a, b]) => binary(g, 'Mul', a!, b!),
    },
    { claim: 'scalar', shapes: [[2, 3], []], build: (g, [a, b]) => binary(g, 'Mul', a!, b!) },
  ],
  RealDiv: [
    {
      claim: 'broadcast',
      shapes: [[2, 3], [3]],
      draw: positive,
      step: 0.01,
      build: (g, [a, b]) => binary(g, 'RealDiv', a!, b!),
    },
  ],
  Relu: [
    {
      claim: 'both sides of 0',
      shapes: [[12]],
      draw: awayFromKinks,
      step: 0.1,
      build: (g, [x]) => unary(g, 'Relu', x!),
    },
  ],
  Relu6: [
    {
      claim: 'both sides of 0',
      shapes: [[12]],
      draw: awayFromKinks,
      step: 0.1,
      build: (g, [x]) => unary(g, 'Relu6', x!),
    },
    { claim: 'above 6', shapes: [[3]], draw: () => 7, step: 0.1, build: (g, [x]) => unary(g, 'Relu6', x!) },
  ],
  Neg: [{ claim: 'x', shapes: [[3]], build: (g, [x]) => unary(g, 'Neg', x!) }],
  Rsqrt: [{ claim: 'x', shapes: [[4]], draw: positive, step: 0.01, build: (g, [x]) => unary(g, 'Rsqrt', x!) }],
  Exp: [{ claim: 'x', shapes: [[4]], step: 0.02, build: (g, [x]) => unary(g, 'Exp', x!) }],
  Sigmoid: [{ claim: 'x', shapes: [[4]], step: 0.05, build: (g, [x]) => unary(g, 'Sigmoid', x!) }],
  Softplus: [{ claim: 'x', shapes: [[4]], step: 0.05, build: (g, [x]) => unary(g, 'Softplus', x!) }],
  Identity: [{ claim: 'x', shapes: [[3]], build: (g, [x]) => unary(g, 'Identity', x!) }],
  BatchMatMulV2: [
    {
      claim: 'one matrix a batch entry',
      shapes: [
        [2, 3, 4],
        [2, 4, 2],
      ],
      build: (g, [a, b]) => batchMatmul(g, a!, b!),
    },
    {
      claim: 'a matrix that all entries share',
      shapes: [
        [1, 3, 4],
        [5, 4, 2],
      ],
      build: (g, [a, b]) => batchMatmul(g, a!, b!),
    },
  ],
  Slice: [{ claim: 'a block', shapes: [[3, 4, 5]], build: (g, [x]) => slice(g, x!, [1, 0, 2], [2, 3, 3]) }],
  Pad: [
    {
      claim: 'unlike ends',
      shapes: [[2, 3, 2]],
      build: (g, [x]) =>
        pad(g, x!, [
          [0, 1],
          [2, 0],
          [1, 3],
        ]),
    },
  ],
  Transpose: [{ claim: 'three axes in turn', shapes: [[2, 3, 4]], build: (g, [x]) => transpose(g, x!, [2, 0, 1]) }],
  // To another type it is tested by the training step in bfloat16: rounding has no difference quotients.
  Cast: [{ claim: 'to itself', shapes: [[2, 3]], build: (g, [x]) => cast(g, x!, 'float32') }],
  MatMul: [
    {
      claim: 'both sides',
      shapes: [
        [2, 3],
        [3, 4],
      ],
      build: (g, [a, b]) => matmul(g, a!, b!),
    },
  ],
  BiasAdd: [{ claim: 'x and bias', shapes: [[2, 2, 2, 3], [3]], build: (g, [x, b]) => biasAdd(g, x!, b!) }],
  FusedBatchNormV3: [
    {
      claim: 'x, scale and offset',
      shapes: [[2, 3, 3, 2], [2], [2]],
      step: 0.02,
      build: (g, [x, scale, offset]) => batchNorm(g, x!, { scale: scale!, offset: offset!, epsilon: 1e-3 }).output,
    },
  ],
  Sum: [
    { claim: 'inner axes', shapes: [[2, 3, 4]], build: (g, [x]) => reduce(g, 'Sum', x!, { axes: [1] }) },
    { claim: 'equal sizes', shapes: [[3, 3]], build: (g, [x]) => reduce(g, 'Sum', x!, { axes: [1] }) },
    { claim: 'everything', shapes: [[2, 3]], build: (g, [x]) => reduce(g, 'Sum', x!, { axes: [0, 1] }) },
  ],
  Mean: [
    {
      claim: 'kept dimensions',
      shapes: [[2, 3, 4, 2]],
      build: (g, [x]) => reduce(g, 'Mean', x!, { axes: [1, 2], keepDimensions: true }),
    },
  ],
  ResizeBilinear: [
    { claim: 'growing', shapes: [[2, 3, 4, 2]], build: (g, [x]) => resizeBilinear(g, x!, 7, 9) },
    { claim: 'shrinking', shapes: [[1, 7, 6, 1]], build: (g, [x]) => resizeBilinear(g, x!, 3, 4) },
  ],
  Reshape: [{ claim: 'x', shapes: [[2, 6]], build: (g, [x]) => reshape(g, x!, [3, 4]) }],
  Tile: [{ claim: 'two axes', shapes: [[2, 1, 3]], build: (g, [x]) => tile(g, x!, [2, 4, 1]) }],
  ConcatV2: [
    {
      claim: 'three parts',
      shapes: [
        [2, 1],
        [2, 3],
        [2, 2],
      ],
      build: (g, parts) => concat(g, parts),
    },
  ],
  SpaceToBatchND: [{ claim: 'padded', shapes: [[1, 3, 4, 2]], build: (g, [x]) => spaceToBatch(g, x!, 2, 2, [3, 2]) }],
  BatchToSpaceND: [{ claim: 'cropped', shapes: [[4, 2, 3, 1]], build: (g, [x]) => batchToSpace(g, x!, 2, 0, [1, 1]) }],
};

/** loss = sum of the output weighted by fixed random numbers, with its gradients by every input. */
function openLoss({ build }: Case, examples: readonly TensorValue<Float32Array>[]) {
  const graph = openGraph(examples, (graph, placeholders) => {
    const output = build(graph, placeholders);
    const random = seededRandom('weights', ...output.shape);
    const weights = Array.from({ length: sizeOf(output.shape) }, () => 0.5 + random());
    const weighted = binary(graph, 'Mul', output, constant(graph, weights, output.shape, 'float32'));
    const axes = output.shape.map((_, axis) => axis);
    const total = reduce(graph, 'Sum', weighted, { axes });
    return [total, ...gradients(graph, total, placeholders).map((gradient) => gradient!)];
  });
  return {
    at(inputs: readonly TensorValue[]) {
      const [loss, ...derivatives] = graph.run(inputs);
      return { loss: loss!.data[0]!, gradients: derivatives.map(({ data }) => data) };
    },
    close: () => graph[Symbol.dispose](),
  };
}

describe('the gradient table', () => {
  it('has a finite-difference check for every operation', () => {
    expect(Object.keys(cases).sort()).toEqual(Object.keys(gradientTable).sort());
  });

  for (const [op, variants] of Object.entries(cases)) {
    for (const variant of variants) {
      it(`differentiates ${op} as difference quotients do: ${variant.claim}`, () => {
        const { shapes, draw = signed, step = 0.5 } = variant;
        const inputs = shapes.map((shape, i) => {
          const random = seededRandom(op, variant.claim, i);
          return floats(
            shape,
            Array.from({ length: sizeOf(shape) }, () => draw(random)),
          );
        });
        const loss = openLoss(variant, inputs);
        const analytic = loss.at(inputs).gradients;
        inputs.forEach((input, which) => {
          const move = (direction: readonly number[], distance: number) =>
            inputs.map((other, i) =>
              i === which
                ? floats(
                    other.shape,
                    other.data.map((value, e) => value + distance * direction[e]!),
                  )
                : other,
            );
          for (const direction of directionsOf(input.data.length, op)) {
            const difference = loss.at(move(direction, step)).loss - loss.at(move(direction, -step)).loss;
            const expected = direction.reduce((sum, value, e) => sum + value * analytic[which]![e]!, 0);
            expect(Math.abs(difference / (2 * step) - expected)).toBeLessThan(2e-3 * (1 + Math.abs(expected)));
          }
        });
        loss.close();
      });
    }
  }
});

/** A random direction sees every element at once, single ones see where. */
function* directionsOf(length: number, op: string): Generator<number[]> {
  const random = seededRandom('direction', op, length);
  yield Array.from({ length }, () => signed(random) / Math.sqrt(length));
  for (const element of new Set([0, length >> 1, length - 1])) {
    yield Array.from({ length }, (_, e) => (e === element ? 1 : 0));
  }
}

describe('in bfloat16', () => {
  it.each([1, 2])('a depthwise convolution with stride %i has nearly the gradients of float32', (stride) => {
    const shapes = [
      [2, 9, 8, 16],
      [3, 3, 16, 1],
    ];
    const inputs = shapes.map((shape, i) => {
      const random = seededRandom('depthwise', i);
      return floats(
        shape,
        Array.from({ length: sizeOf(shape) }, () => signed(random)),
      );
    });
    const [exact, short] = (['float32', 'bfloat16'] as const).map((dtype) => {
      const build = (graph: Graph, [x, w]: Tensor[]) => {
        const y = depthwiseConv2d(graph, cast(graph, x!, dtype), cast(graph, w!, dtype), { stride, dilation: 1 });
        return cast(graph, y, 'float32');
      };
      const loss = openLoss({ claim: '', shapes, build }, inputs);
      const { gradients } = loss.at(inputs);
      loss.close();
      return gradients;
    });
    exact!.forEach((gradient, which) => {
      const off = gradient.map((value, i) => value - short![which]![i]!);
      expect(Math.hypot(...off)).toBeLessThan(0.02 * Math.hypot(...gradient));
      expect(Math.hypot(...off)).toBeGreaterThan(0);
    });
  });
});

describe('activations after a batch norm', () => {
  it.each(['Relu', 'Relu6'] as const)('computed again give the gradients of those that are kept: %s', (activation) => {
    const inputs = [[2, 6, 5, 3], [3, 3, 3, 4], [4], [4], [3, 3, 4, 2]].map((shape, i) => {
      const random = seededRandom('recompute', i);
      return floats(
        shape,
        Array.from({ length: sizeOf(shape) }, () => 3 * signed(random)),
      );
    });
    const [kept, again] = [Number.POSITIVE_INFINITY, 0].map((fromBytes) => {
      let activations = 0;
      const derivatives = runGraph(inputs, (graph, placeholders) => {
        const [x, first, scale, offset, second] = placeholders as [Tensor, Tensor, Tensor, Tensor, Tensor];
        const { output } = batchNorm(graph, conv2d(graph, x, first, plain), { scale, offset, epsilon: 1e-3 });
        const y = conv2d(graph, unary(graph, activation, output), second, plain);
        const loss = reduce(graph, 'Sum', binary(graph, 'Mul', y, y), { axes: [0, 1, 2, 3] });
        const results = gradients(graph, loss, placeholders, fromBytes).map((gradient) => gradient!);
        activations = graph.nodes.filter(({ op }) => op === activation).length;
        return results;
      });
      return { activations, derivatives };
    });
    expect([kept!.activations, again!.activations]).toEqual([1, 2]);
    kept!.derivatives.forEach(({ data }, i) => {
      const scale = Math.max(...data.map(Math.abs));
      expectClose(again!.derivatives[i]!.data, data, 1e-4 * scale);
    });
  });
});
