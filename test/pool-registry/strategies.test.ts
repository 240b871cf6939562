import { describe, expect, it } from 'vitest';
import { STRATEGIES, strategyNamed } from '../../services/pool-registry/campaign/strategies.ts';
import { PANOPTIC_PARTS, REGIONAL_PARTS } from '../../services/shared/strategy-parts.ts';

const nameOf = (table: Readonly<Record<string, number>>, score: number) =>
  Object.entries(table).find(([, value]) => value === score)?.[0];

describe('the strategies', () => {
  it('are the rows of the paper’s comparison, its figure of selectors and its ablation', () => {
    const rows = STRATEGIES.map(({ name, panoptic, regional, extension }) => [
      name,
      nameOf(PANOPTIC_PARTS, panoptic),
      nameOf(REGIONAL_PARTS, regional),
      extension,
    ]);
    expect(rows).toEqual([
      ['cpral', 'loss-prediction', 'gaussian', true],
      ['cpral-paper', 'loss-prediction', 'gaussian', true],
      ['cpral-without-cle', 'loss-prediction', 'gaussian', false],
      ['cpral-without-rga', 'loss-prediction', 'window-sum', false],
      ['panoptic', 'loss-prediction', 'whole-image', false],
      ['entropy-r', 'entropy', 'gaussian', true],
      ['confidence-r', 'confidence', 'gaussian', true],
      ['margin-r', 'margin', 'gaussian', true],
      ['entropy', 'entropy', 'whole-image', false],
      ['confidence', 'confidence', 'whole-image', false],
      ['margin', 'margin', 'whole-image', false],
      ['region-only', 'all', 'gaussian', true],
      ['loss-prediction', 'loss-prediction', 'whole-image', false],
      ['mc-dropout', 'mc-dropout', 'whole-image', false],
      ['core-set', 'core-set', 'whole-image', false],
      ['vaal', 'vaal', 'whole-image', false],
      ['ta-vaal', 'ta-vaal', 'whole-image', false],
      ['random', 'random', 'whole-image', false],
      ['random-r', 'all', 'random', false],
      ['random-r-self-training', 'all', 'random', true],
    ]);
  });

  it('are found by name and by parts', () => {
    expect(strategyNamed('cpral-without-rga')).toEqual({
      ...strategyNamed('loss-prediction+window-sum'),
      name: 'cpral-without-rga',
    });
  });

  it('refuse another name, naming those that there are', () => {
    expect(() => strategyNamed('magic')).toThrow(
      /strategy "magic": expected one of cpral, .*random-r-self-training, or parts such as/,
    );
  });
});
