import { describe, expect, it } from 'vitest';
import { RankingLoss } from '../../../proto/gen/cpral/v1/resources.ts';
import { lossPairs } from '../../../services/panoptic-scorer/loss-pairs.ts';
import { graphOperations } from '../../../services/shared/model/graph-operations.ts';
import { rankingLoss } from '../../../services/shared/model/loss-prediction.ts';
import { segmentationLoss } from '../../../services/shared/model/segmentation-loss.ts';
import { floats, runGraph } from '../../support/run-graph.ts';

function ranking(predicted: number[], losses: number[], valid = predicted.map(() => 1), kind?: RankingLoss): number {
  const column = (values: number[]) => floats([values.length, 1], values);
  const [loss] = runGraph([column(predicted), column(losses), column(valid)], (graph, [p, l, v]) => [
    rankingLoss(graphOperations(graph), { predicted: p!, losses: l!, valid: v!, margin: 1, ranking: kind }),
  ]);
  return loss!.data[0]!;
}

describe('the ranking loss in a graph', () => {
  it('is the definition, ties included', () => {
    const predicted = [0.5, -0.2, 0.9, 0.1];
    const losses = [2, 1, 1, 0.5];
    expect(ranking(predicted, losses)).toBeCloseTo(lossPairs(losses, predicted), 6);
  });

  it('counts only pairs in which both images have labelled pixels', () => {
    // Of the pairs (0, 3) and (1, 2) the first one counts: 1 - (0.5 - 0.1).
    expect(ranking([0.5, 7, 9, 0.1], [2, 0, 1, 0.5], [1, 0, 1, 1])).toBeCloseTo(0.6, 6);
    expect(ranking([0.5, 7, 9, 0.1], [2, 0, 1, 0.5], [1, 0, 1, 0])).toBe(0);
  });

  it('by cross-entropy is that of sigmoid(p_i - p_j) against the order of the losses', () => {
    const kind = RankingLoss.RANKING_LOSS_CROSS_ENTROPY;
    const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
    const [predicted, losses] = [
      [0.5, -0.2, 0.9, 0.1],
      [2, 1, 1, 0.5],
    ];
    // (0, 3): 2 > 0.5, the target is 1. (1, 2): a tie, the target is 0.
    const expected = (-Math.log(sigmoid(0.4)) - Math.log(1 - sigmoid(-1.1))) / 2;
    expect(ranking(predicted!, losses!, [1, 1, 1, 1], kind)).toBeCloseTo(expected, 6);
    expect(ranking(predicted!, losses!, [1, 0, 1, 1], kind)).toBeCloseTo(-Math.log(sigmoid(0.4)), 6);
    expect(ranking([-100, 100], [2, 1], [1, 1], kind)).toBeCloseTo(200, 3);
  });
});

describe('the segmentation loss', () => {
  /** Two images of two pixels and two classes; logits of 0 and log 3 give probabilities of 1/4 and 3/4. */
  function lossOf(labels: number[], weights = [1, 1]) {
    const logits = floats([2, 1, 2, 2], [0, Math.log(3), 0, Math.log(3), Math.log(3), 0, 0, 0]);
    const inputs = [logits, { shape: [2, 1, 2], data: Int32Array.from(labels) }, floats([2], weights)];
    const outputs = runGraph(inputs, (graph, [z, y, w]) => {
      const { loss, imageLosses, imageValid } = segmentationLoss(graphOperations(graph), {
        logits: z!,
        labels: y!,
        classWeights: w!,
      });
      return [loss, imageLosses, imageValid];
    });
    return outputs.map(({ data }) => [...data]);
  }

  it('is the mean cross-entropy of the labelled pixels, and of each image by itself', () => {
    const [loss, images, valid] = lossOf([1, 255, 1, 0]);
    const [first, third, fourth] = [-Math.log(3 / 4), -Math.log(1 / 4), Math.log(2)];
    expect(loss![0]).toBeCloseTo((first + third + fourth) / 3, 6);
    expect(images![0]).toBeCloseTo(first, 6);
    expect(images![1]).toBeCloseTo((third + fourth) / 2, 6);
    expect(valid).toEqual([1, 1]);
  });

  it('weights classes in the mean of the batch, not in those of the images', () => {
    const [loss, images] = lossOf([1, 255, 1, 0], [1, 3]);
    const [first, third, fourth] = [-Math.log(3 / 4), -Math.log(1 / 4), Math.log(2)];
    expect(loss![0]).toBeCloseTo((3 * first + 3 * third + fourth) / 7, 6);
    expect(images![1]).toBeCloseTo((third + fourth) / 2, 6);
  });

  it('is 0 where nothing is labelled', () => {
    expect(lossOf([255, 255, 255, 255])).toEqual([[0], [0, 0], [0, 0]]);
  });
});
