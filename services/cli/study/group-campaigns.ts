// Campaigns of any origin as arms: equal configurations but for the seed are one. Pure.
import { CampaignConfig } from '../../../proto/gen/cpral/v1/resources.ts';
import { invalid } from '../../shared/errors.ts';
import type { CollectedCampaign } from './collect-study.ts';
import type { ArmResults, FigureResults } from './study.ts';

const DEFAULT_CONTROLS = ['random', 'random-r'];

export interface Grouping {
  /** The arm, or the strategy, that others are held against; undefined: random where it is there, else the first. */
  readonly control: string | undefined;
  readonly poolImages: number;
}

/** @throws INVALID_ARGUMENT where a seed comes twice in an arm, or there is no such control */
export function groupCampaigns(
  campaigns: readonly CollectedCampaign[],
  { control, poolImages }: Grouping,
): FigureResults {
  const isFull = ({ config }: CollectedCampaign) => config.cycles === 1 && config.initialImages === poolImages;
  const groups = Map.groupBy(
    campaigns.filter((each) => !isFull(each)),
    armKey,
  );
  const names = armNames([...groups.values()].map(([first]) => first!.config));
  const arms: ArmResults[] = [...groups.values()].map((group, at) => ({
    arm: { name: names[at]!, panel: '', strategy: group[0]!.config.strategy, change: {} },
    campaigns: group.map(({ result }) => result).sort((a, b) => a.seed - b.seed),
  }));
  for (const { arm, campaigns } of arms) {
    const seeds = campaigns.map(({ seed }) => seed);
    const twice = seeds.find((seed, at) => seeds.indexOf(seed) < at);
    if (twice !== undefined) throw invalid(`campaigns: expected each seed of ${arm.name} once, got ${twice} twice`);
  }
  return {
    figure: {
      name: 'compare',
      title: 'Strategies side by side',
      question: 'Which selection gives the best model for the same labelled pixels?',
      arms: arms.map(({ arm }) => arm),
      control: controlOf(names, control),
      claims: [],
    },
    arms,
    full: campaigns.filter(isFull).map(({ result }) => result),
  };
}

const armKey = ({ config }: CollectedCampaign): string => JSON.stringify(CampaignConfig.toJSON({ ...config, seed: 0 }));

/** The strategy, and where several arms have it, what else differs between them. */
function armNames(configs: readonly CampaignConfig[]): string[] {
  return configs.map((config) => {
    const alike = configs.filter(({ strategy }) => strategy === config.strategy);
    if (alike.length === 1) return config.strategy;
    const own = leaves(config);
    const differing = [...own].filter(([field, value]) => alike.some((other) => leaves(other).get(field) !== value));
    return `${config.strategy} (${differing.map(([field, value]) => `${field} ${value}`).join(', ')})`;
  });
}

/** Each field of a configuration by its path, such as training.steps; the seed left out. */
function leaves(config: CampaignConfig): Map<string, string> {
  const found = new Map<string, string>();
  const visit = (value: unknown, path: string) => {
    if (typeof value === 'object' && value !== null) {
      for (const [key, each] of Object.entries(value)) visit(each, path === '' ? key : `${path}.${key}`);
    } else if (path !== 'seed') found.set(path, String(value));
  };
  visit(CampaignConfig.fromPartial(config), '');
  return found;
}

function controlOf(names: readonly string[], wanted: string | undefined): string {
  if (wanted !== undefined) {
    if (names.includes(wanted)) return wanted;
    throw invalid(`--control: expected one of ${names.join(', ')}, got ${wanted}`, { field: '--control' });
  }
  return DEFAULT_CONTROLS.find((name) => names.includes(name)) ?? names[0] ?? '';
}
