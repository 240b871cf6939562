// What a cycle may ask for, in regions or whole images and in their pixels.
import { regionsPerCycle } from '../../shared/budget.ts';
import type { CampaignRow } from './campaign-row.ts';
import { labelsWholeImages } from './strategies.ts';

export interface CycleBudget {
  /** Regions, or whole images, where none of their pixels is labelled yet. */
  readonly regions: number;
  /** Pixels of these. */
  readonly pixels: number;
}

export function cycleBudget({
  config,
  size,
  strategy,
}: Pick<CampaignRow, 'config' | 'size' | 'strategy'>): CycleBudget {
  const { budgetImages, regionSizePx } = config;
  const whole = labelsWholeImages(strategy);
  const regions = whole ? Math.round(budgetImages) : regionsPerCycle(budgetImages, size, regionSizePx);
  return { regions, pixels: regions * (whole ? size.height * size.width : regionSizePx ** 2) };
}
