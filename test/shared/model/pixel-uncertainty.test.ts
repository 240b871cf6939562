import { describe, it } from 'vitest';
import { pixelUncertainty } from '../../../services/shared/model/pixel-uncertainty.ts';
import goldens from '../../goldens/pixel-uncertainty.json' with { type: 'json' };
import { expectClose } from '../../support/expect-close.ts';
import { floats, runGraph } from '../../support/run-graph.ts';

function uncertaintyOf(rows: readonly (readonly number[])[]) {
  const logits = floats([rows.length, rows[0]!.length], rows.flat());
  const [entropy, confidence, margin] = runGraph([logits], (graph, [x]) => {
    const maps = pixelUncertainty(graph, x!);
    return [maps.entropy, maps.confidence, maps.margin];
  });
  return { entropy: entropy!.data, confidence: confidence!.data, margin: margin!.data };
}

/** Logits whose softmax is the given distribution. */
const logitsOf = (p: readonly number[]) => p.map(Math.log);

describe('the uncertainty of a pixel', () => {
  it('is log2 C, 1 - 1/C and 1 where all classes are as likely, and 0 where one is certain', () => {
    const { entropy, confidence, margin } = uncertaintyOf([
      [7, 7, 7, 7],
      [200, 0, 0, 0],
    ]);
    expectClose(entropy, [2, 0], 1e-6);
    expectClose(confidence, [0.75, 0], 1e-6);
    expectClose(margin, [1, 0], 1e-6);
  });

  it('tells its three kinds apart: a tie of two is no margin and one bit', () => {
    const { entropy, confidence, margin } = uncertaintyOf([logitsOf([0.5, 0.5, 1e-30]), logitsOf([0.5, 0.25, 0.25])]);
    expectClose(entropy, [1, 1.5], 1e-6);
    expectClose(confidence, [0.5, 0.5], 1e-6);
    expectClose(margin, [1, 0.75], 1e-6);
  });

  it('of a single class is none', () => {
    const { entropy, confidence, margin } = uncertaintyOf([[3], [-3]]);
    for (const map of [entropy, confidence, margin]) expectClose(map, [0, 0], 0);
  });

  it.each(goldens)('of $pixels pixels and $classes classes is what NumPy computes', (golden) => {
    const { entropy, confidence, margin } = uncertaintyOf(golden.logits);
    expectClose(entropy, golden.entropy, 1e-5);
    expectClose(confidence, golden.confidence, 1e-6);
    expectClose(margin, golden.margin, 1e-6);
  });
});
