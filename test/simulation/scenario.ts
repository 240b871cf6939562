// What a seed plays: campaigns, who runs them, what their client does, and which faults strike.
import type { CampaignConfig } from '../../proto/gen/cpral/v1/resources.ts';
import { cycleBudget } from '../../services/pool-registry/campaign/cycle-budget.ts';
import { STRATEGIES, strategyNamed } from '../../services/pool-registry/campaign/strategies.ts';
import { seededRandom } from '../../services/shared/random.ts';
import { presetConfig } from '../support/campaign-config.ts';
import { drawFaults, type Faults, NO_FAULTS } from './faults.ts';
import { POOL_IMAGES, SIMULATED_SIZE } from './simulated-dataset.ts';

export type Interference = 'none' | 'pause' | 'cancel';

export interface PlannedCampaign {
  readonly id: string;
  readonly dataset: 'small' | 'large';
  readonly config: CampaignConfig;
  readonly interference: Interference;
}

export interface Scenario {
  readonly seed: number;
  /** One process with everything, as on a laptop, or replicas of each service. */
  readonly deployment: 'embedded' | 'replicas';
  readonly campaigns: readonly PlannedCampaign[];
  readonly faults: Faults;
  /** When the faults stop, in virtual time. */
  readonly calmAfterMs: number;
}

export interface CampaignLimits {
  readonly poolImages: number;
  readonly imagePixels: number;
  readonly initialImages: number;
  readonly cyclePixels: number;
}

const CAMPAIGN_SEEDS = 2;
const LARGE_SHARE = 0.08;
const THREE_CYCLES_SHARE = 0.1;
const TWO_CAMPAIGNS_SHARE = 0.1;
const EMBEDDED_SHARE = 0.3;

export function drawScenario(seed: number): Scenario {
  const random = seededRandom('scenario', seed);
  const dataset = random() < LARGE_SHARE ? 'large' : 'small';
  const campaignSeed = Math.floor(random() * CAMPAIGN_SEEDS);
  const cycles = dataset === 'small' && random() < THREE_CYCLES_SHARE ? 3 : 2;
  // Campaigns with one seed share their first training: equal work that is done once.
  const count = dataset === 'small' && random() < TWO_CAMPAIGNS_SHARE ? 2 : 1;
  const campaigns = Array.from({ length: count }, (_, i): PlannedCampaign => {
    const strategy = STRATEGIES[Math.floor(random() * STRATEGIES.length)]!.name;
    const roll = random();
    const interference = roll < 0.25 ? 'pause' : roll < 0.35 ? 'cancel' : 'none';
    return {
      id: `campaign-${i}`,
      dataset,
      config: configOf({ strategy, dataset, cycles, seed: campaignSeed }),
      interference,
    };
  });
  const deployment = random() < EMBEDDED_SHARE ? 'embedded' : 'replicas';
  return { seed, deployment, campaigns, faults: drawFaults(random), calmAfterMs: 20_000 + random() * 60_000 };
}

/** The same campaign alone, with nothing in its way. */
export function undisturbed(campaign: PlannedCampaign): Scenario {
  const campaigns = [{ ...campaign, interference: 'none' as const }];
  return { seed: 0, deployment: 'embedded', campaigns, faults: NO_FAULTS, calmAfterMs: 0 };
}

export function limitsOf({ config, dataset }: PlannedCampaign): CampaignLimits {
  const size = SIMULATED_SIZE;
  return {
    poolImages: POOL_IMAGES[dataset],
    imagePixels: size.height * size.width,
    initialImages: config.initialImages,
    cyclePixels: cycleBudget({ config, size, strategy: strategyNamed(config.strategy) }).pixels,
  };
}

interface Choice {
  readonly strategy: string;
  readonly dataset: PlannedCampaign['dataset'];
  readonly cycles: number;
  readonly seed: number;
}

function configOf({ strategy, dataset, cycles, seed }: Choice): CampaignConfig {
  const shape =
    dataset === 'small'
      ? { initialImages: 2, budgetImages: 1, subsetImages: 4 }
      : { initialImages: 3, budgetImages: 2, subsetImages: 12 };
  return presetConfig({ strategy, cycles, seed, ...shape, size: SIMULATED_SIZE, regionSizePx: 3 });
}
