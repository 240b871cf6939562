// Against an independent implementation in NumPy: test/goldens/make_goldens.py.
import { describe, expect, test } from 'vitest';
import { openGaussianFilter } from '../../services/region-selector/gaussian-filter.ts';
import { gaussianKernel } from '../../services/region-selector/gaussian-kernel.ts';
import { scoresByWindow, suppress } from '../../services/region-selector/suppress.ts';
import { topRegions } from '../../services/region-selector/top-k.ts';
import { windowSum } from '../../services/region-selector/window-sum.ts';
import { entropyOfCounts } from '../../services/shared/model/entropy-of-counts.ts';
import filters from '../goldens/filter.json' with { type: 'json' };
import kernels from '../goldens/kernel.json' with { type: 'json' };
import suppressions from '../goldens/suppression.json' with { type: 'json' };
import ranking from '../goldens/top-k.json' with { type: 'json' };
import entropies from '../goldens/vote-entropy.json' with { type: 'json' };
import { expectClose } from '../support/expect-close.ts';
import { floats, runGraph } from '../support/run-graph.ts';

describe('goldens', () => {
  test.each(kernels)(
    'Eq. 5: the middle row of the kernel of $steps steps, sigma $sigma',
    ({ steps, sigma, kernel }) => {
      const k = gaussianKernel({ regionSizePx: steps, sigma });
      expectClose(
        k.map((value) => value * k[(steps - 1) / 2]!),
        kernel,
        1e-13,
      );
    },
  );

  test.each(filters)('Eq. 5: both filters of $steps pixels on $height x $width', (golden) => {
    const { height, width, steps, entropy } = golden;
    const kernel = gaussianKernel({ regionSizePx: steps, sigma: 2 });
    const gaussian = openGaussianFilter({ height, width }, kernel);
    // Single precision.
    expectClose(gaussian.filter(Float32Array.from(entropy)), golden.gaussian, 1e-4);
    gaussian[Symbol.dispose]();
    // Each of at most steps^2 pixels is rounded to 2^-24.
    expectClose(windowSum(entropy, { height, width }, steps), golden.windowSum, steps ** 2 * 2 ** -25 + 1e-12);
  });

  test.each(entropies)('Eq. 4: vote entropy of $passes passes over $classes classes', (golden) => {
    const { passes, classes, votes, entropy } = golden;
    const pixels = entropy.length;
    const counts = floats([pixels, classes], new Float32Array(pixels * classes));
    votes.forEach((vote, i) => {
      counts.data[(i % pixels) * classes + vote]!++;
    });
    const [result] = runGraph([counts, floats([], [passes])], (graph, [n, m]) => [entropyOfCounts(graph, n!, m!)]);
    expectClose(result!.data, entropy, 1e-6);
  });

  test.each(suppressions)('Eq. 6: suppression of $side pixels on $height x $width', (golden) => {
    const { height, width, side, scores } = golden;
    const windows = scoresByWindow(Float64Array.from(scores), { height, width }, side);
    const picked = suppress(windows, { regionSizePx: side, maxCandidates: height * width });
    expect(picked.map(({ top, left, score }) => [top, left, score])).toEqual(golden.windows);
  });

  test('the global top K with its ties', () => {
    expect(topRegions(ranking.candidates, ranking.top.length)).toEqual(ranking.top);
  });
});
