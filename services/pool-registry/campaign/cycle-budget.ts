// How many regions, or whole images, a cycle may ask for.
import { regionsPerCycle } from '../../shared/budget.ts';
import type { CampaignRow } from './campaign-row.ts';
import { labelsWholeImages } from './strategies.ts';

export function cycleBudget({ config, size, strategy }: CampaignRow): number {
  const { budgetImages, regionSizePx } = config;
  return labelsWholeImages(strategy) ? Math.round(budgetImages) : regionsPerCycle(budgetImages, size, regionSizePx);
}
