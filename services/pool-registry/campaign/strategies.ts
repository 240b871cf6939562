// The strategies: a panoptic part, a regional part and an extension part under the name that the paper's figures use.
import { PanopticScore, RegionalScore, type Strategy } from '../../../proto/gen/cpral/v1/resources.ts';
import { invalid } from '../../shared/errors.ts';
import { namesParts, strategyOfParts } from '../../shared/strategy-parts.ts';

/** Comments name the figure, or who proposed it. */
const PARTS_BY_NAME: Readonly<Record<string, string>> = {
  // Ours: what the levers study found worth having (docs/results/levers.md) on the paper's structure.
  cpral: 'loss-prediction+gaussian:rarity+self-training',
  'cpral-paper': 'loss-prediction+gaussian+paper-extension',
  // Figure 8, the ablation.
  'cpral-without-cle': 'loss-prediction+gaussian',
  'cpral-without-rga': 'loss-prediction+window-sum',
  panoptic: 'loss-prediction+whole-image',
  // Figure 6: other panoptic selectors, with our regions and without.
  'entropy-r': 'entropy+gaussian+extension',
  'confidence-r': 'confidence+gaussian+extension',
  'margin-r': 'margin+gaussian+extension',
  entropy: 'entropy+whole-image',
  confidence: 'confidence+whole-image',
  margin: 'margin+whole-image',
  // Section "Performance of Regional Selection": the time of one cycle.
  'region-only': 'all+gaussian+extension',
  // Figure 5. Yoo and Kweon 2019; Gal and Ghahramani 2016; Sener and Savarese 2018; Sinha et al. 2019; Kim et al. 2021.
  'loss-prediction': 'loss-prediction+whole-image',
  'mc-dropout': 'mc-dropout+whole-image',
  'core-set': 'core-set+whole-image',
  vaal: 'vaal+whole-image',
  'ta-vaal': 'ta-vaal+whole-image',
  random: 'random+whole-image',
  // Beyond the paper: what regions gain by themselves, wherever they are.
  'random-r': 'all+random',
  // The control of everything that learns from labels which nobody gave.
  'random-r-self-training': 'all+random+self-training',
};

export const STRATEGIES: readonly Strategy[] = Object.entries(PARTS_BY_NAME).map(([name, parts]) =>
  strategyOfParts(parts, name),
);

/**
 * @param name of the table, or parts
 * @throws INVALID_ARGUMENT naming the strategies that there are
 */
export function strategyNamed(name: string): Strategy {
  const strategy = STRATEGIES.find((entry) => entry.name === name);
  if (strategy) return strategy;
  if (namesParts(name)) return strategyOfParts(name);
  const names = STRATEGIES.map((entry) => entry.name).join(', ');
  throw invalid(`strategy "${name}": expected one of ${names}, or parts such as entropy+gaussian+extension`, {
    field: 'config.strategy',
    reason: 'UNKNOWN_STRATEGY',
  });
}

export function labelsWholeImages(strategy: Strategy): boolean {
  return strategy.regional === RegionalScore.REGIONAL_SCORE_WHOLE_IMAGE;
}

/** Whether the pool is rated by a model, or by arithmetic in the registry. */
export function ratesWithModel({ panoptic }: Strategy): boolean {
  return panoptic !== PanopticScore.PANOPTIC_SCORE_RANDOM && panoptic !== PanopticScore.PANOPTIC_SCORE_ALL;
}

/** Whether images are rated by stochastic passes. */
export function ratesByVotes({ panoptic }: Strategy): boolean {
  return panoptic === PanopticScore.PANOPTIC_SCORE_MC_DROPOUT;
}

/** Whether regions are found by stochastic passes. */
export function findsByVotes({ regional }: Strategy): boolean {
  return regional === RegionalScore.REGIONAL_SCORE_GAUSSIAN || regional === RegionalScore.REGIONAL_SCORE_WINDOW_SUM;
}

/** Whether the subset is chosen over embeddings of all images, in a step of its own. */
export function selectsCentres({ panoptic }: Strategy): boolean {
  return panoptic === PanopticScore.PANOPTIC_SCORE_CORE_SET;
}

/** Whether the subset is chosen by networks that are trained on all images, in a step of its own. */
export function trainsSampler({ panoptic }: Strategy): boolean {
  return panoptic === PanopticScore.PANOPTIC_SCORE_VAAL || panoptic === PanopticScore.PANOPTIC_SCORE_TA_VAAL;
}

/** Whether the sampler sees ranks of the images, by the model's loss-prediction head (TA-VAAL). */
export function ranksImages({ panoptic }: Strategy): boolean {
  return panoptic === PanopticScore.PANOPTIC_SCORE_TA_VAAL;
}
