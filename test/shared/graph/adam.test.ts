import { describe, it } from 'vitest';
import { newGraph } from '../../../services/shared/graph/graph.ts';
import { placeholder, scalar } from '../../../services/shared/graph/operations/constant.ts';
import {
  adamPowers,
  afterNodes,
  applyAdam,
  readVariable,
  variable,
} from '../../../services/shared/graph/operations/variable.ts';
import { writeSavedModel } from '../../../services/shared/graph/saved-model.ts';
import { loadSignature } from '../../../services/shared/model/parameters.ts';
import { loadModel } from '../../../services/shared/tensorflow/tensorflow.ts';
import { expectClose } from '../../support/expect-close.ts';
import { floats } from '../../support/run-graph.ts';

const RATE = 0.1;

function openAdam() {
  const graph = newGraph();
  const [target, first, second] = ['target', 'first', 'second'].map((name) => variable(graph, name, [2]));
  const inputs = {
    gradient: placeholder(graph, 'gradient', [2]),
    power1: placeholder(graph, 'power1', []),
    power2: placeholder(graph, 'power2', []),
  };
  const slots = { first: first!, second: second! };
  const update = applyAdam(graph, { target: target!, slots, rate: scalar(graph, RATE), ...inputs });
  return loadModel(
    writeSavedModel(graph, {
      step: { inputs, outputs: { done: afterNodes(graph, scalar(graph, 1), [update]) } },
      read: { inputs: {}, outputs: { target: readVariable(graph, target!) } },
      load: loadSignature(graph, [target!, first!, second!]),
    }),
  );
}

describe('Adam in a graph', () => {
  it('takes the steps of Kingma and Ba, algorithm 1', () => {
    const model = openAdam();
    const zeros = floats([2], [0, 0]);
    model.run('load', { target: floats([2], [1, -2]), first: zeros, second: zeros });
    const gradients = [
      [0.5, -3],
      [0.25, 4],
      [-1, 0],
    ];
    const expected = [1, -2].map((start, i) => {
      let [theta, m, v] = [start, 0, 0];
      gradients.forEach((gradient, step) => {
        const g = gradient[i]!;
        m = 0.9 * m + 0.1 * g;
        v = 0.999 * v + 0.001 * g * g;
        const [mHat, vHat] = [m / (1 - 0.9 ** (step + 1)), v / (1 - 0.999 ** (step + 1))];
        theta -= (RATE * mHat) / (Math.sqrt(vHat) + 1e-8);
      });
      return theta;
    });
    gradients.forEach((gradient, step) => {
      const { power1, power2 } = adamPowers(step + 1);
      model.run('step', {
        gradient: floats([2], gradient),
        power1: floats([], [power1]),
        power2: floats([], [power2]),
      });
    });
    expectClose(model.run('read', {}).target!.data, expected, 1e-5);
    model[Symbol.dispose]();
  });

  it('moves by the rate in its first step, however large the gradient', () => {
    const model = openAdam();
    const zeros = floats([2], [0, 0]);
    model.run('load', { target: zeros, first: zeros, second: zeros });
    const { power1, power2 } = adamPowers(1);
    model.run('step', {
      gradient: floats([2], [0.1, -1e3]),
      power1: floats([], [power1]),
      power2: floats([], [power2]),
    });
    expectClose(model.run('read', {}).target!.data, [-RATE, RATE], 1e-5);
    model[Symbol.dispose]();
  });
});
