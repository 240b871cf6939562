// A strategy written by its parts: PANOPTIC+REGIONAL or PANOPTIC+REGIONAL+EXTENSION, such as "entropy+gaussian+extension". Weights of
// the entropy follow the regional part: "all+gaussian:rarity+self-training".
// The paper's names (pool-registry/campaign/strategies.ts) are short for some of these.
import {
  EntropyWeight,
  type ExtensionConfig,
  ExtensionFeatures,
  ExtensionMethod,
  PanopticScore,
  RegionalScore,
  type Strategy,
} from '../../proto/gen/cpral/v1/resources.ts';
import { type CpralError, invalid } from './errors.ts';

const SEPARATOR = '+';
const WEIGHT_SEPARATOR = ':';

/** Which images: all of them, or the best by a rating. */
export const PANOPTIC_PARTS = {
  'loss-prediction': PanopticScore.PANOPTIC_SCORE_LOSS_PREDICTION,
  entropy: PanopticScore.PANOPTIC_SCORE_ENTROPY,
  confidence: PanopticScore.PANOPTIC_SCORE_CONFIDENCE,
  margin: PanopticScore.PANOPTIC_SCORE_MARGIN,
  'mc-dropout': PanopticScore.PANOPTIC_SCORE_MC_DROPOUT,
  'core-set': PanopticScore.PANOPTIC_SCORE_CORE_SET,
  vaal: PanopticScore.PANOPTIC_SCORE_VAAL,
  'ta-vaal': PanopticScore.PANOPTIC_SCORE_TA_VAAL,
  random: PanopticScore.PANOPTIC_SCORE_RANDOM,
  all: PanopticScore.PANOPTIC_SCORE_ALL,
} as const;

/** Which regions of them. */
export const REGIONAL_PARTS = {
  gaussian: RegionalScore.REGIONAL_SCORE_GAUSSIAN,
  'window-sum': RegionalScore.REGIONAL_SCORE_WINDOW_SUM,
  random: RegionalScore.REGIONAL_SCORE_RANDOM,
  'whole-image': RegionalScore.REGIONAL_SCORE_WHOLE_IMAGE,
} as const;

/** What the entropy is multiplied with before windows are ranked. */
export const ENTROPY_WEIGHTS = {
  rarity: EntropyWeight.ENTROPY_WEIGHT_RARITY,
  'void-discount': EntropyWeight.ENTROPY_WEIGHT_VOID_DISCOUNT,
} as const;

/** Section "Contextual Labels Extension": the softmax scale of Yu et al. 2018, every pixel taken, whatever the confidence. */
const PAPER_EXTENSION: ExtensionConfig = {
  scale: 10,
  stridePx: 8,
  minConfidence: 0,
  maxDistancePx: 0,
  features: ExtensionFeatures.EXTENSION_FEATURES_RGB,
  method: ExtensionMethod.EXTENSION_METHOD_CONTEXT,
};

/** Pseudo-labels at the usual threshold; the fields of contextual extension mean nothing here. */
const SELF_TRAINING: ExtensionConfig = {
  ...PAPER_EXTENSION,
  minConfidence: 0.9,
  method: ExtensionMethod.EXTENSION_METHOD_SELF_TRAINING,
};

/** What their labels are extended by: as the campaign is configured, or as in the paper whatever is configured. */
const EXTENSION_PARTS: Readonly<Record<string, ExtensionConfig | undefined>> = {
  extension: undefined,
  'paper-extension': PAPER_EXTENSION,
  'self-training': SELF_TRAINING,
};

/** Whether a name is made of parts. */
export function namesParts(name: string): boolean {
  return name.includes(SEPARATOR);
}

/**
 * @param parts such as "all+gaussian"
 * @param name what the strategy is called
 * @throws INVALID_ARGUMENT where a part is unknown, or two parts make no sense together
 */
export function strategyOfParts(parts: string, name = parts): Strategy {
  const [panoptic = '', weighted = '', extension, ...rest] = parts.split(SEPARATOR);
  const [regional = '', ...weights] = weighted.split(WEIGHT_SEPARATOR);
  if (rest.length > 0) throw refusal(name, 'at most three parts', parts);
  const strategy: Strategy = {
    name,
    panoptic: part(name, 'panoptic', PANOPTIC_PARTS, panoptic),
    regional: part(name, 'regional', REGIONAL_PARTS, regional),
    extension: extension !== undefined,
    extensionConfig: extension === undefined ? undefined : part(name, 'extension', EXTENSION_PARTS, extension),
    entropyWeights: weights.map((weight) => part(name, 'entropy weight', ENTROPY_WEIGHTS, weight)),
  };
  if (new Set(weights).size < weights.length) throw refusal(name, 'each entropy weight once', parts);
  if (weights.length > 0 && !ranksByEntropy(strategy)) throw refusal(name, 'windows that are ranked by entropy', parts);
  if (strategy.regional === RegionalScore.REGIONAL_SCORE_WHOLE_IMAGE) {
    if (strategy.panoptic === PanopticScore.PANOPTIC_SCORE_ALL) {
      throw refusal(name, 'a rating that orders whole images', parts);
    }
    if (strategy.extension) throw refusal(name, 'regions where labels are extended', parts);
  }
  return strategy;
}

function ranksByEntropy({ regional }: Strategy): boolean {
  return regional === RegionalScore.REGIONAL_SCORE_GAUSSIAN || regional === RegionalScore.REGIONAL_SCORE_WINDOW_SUM;
}

function part<T>(name: string, kind: string, table: Readonly<Record<string, T>>, text: string): T {
  if (Object.hasOwn(table, text)) return table[text] as T;
  throw refusal(
    name,
    `${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind} part that is one of ${Object.keys(table).join(', ')}`,
    text,
  );
}

const refusal = (name: string, expected: string, actual: string): CpralError =>
  invalid(`strategy "${name}": expected ${expected}, got "${actual}"`, {
    field: 'config.strategy',
    reason: 'UNKNOWN_STRATEGY',
  });
