// From the form's draft to a campaign's configuration, and from the registry's fields back to the form's. Pure.
import { AnnotationConfig, Annotator, type CampaignConfig } from '../../../proto/gen/cpral/v1/resources.ts';
import { campaignConfig } from '../../shared/campaign/campaign-config.ts';
import { type CampaignFlags, PRESET_NAMES, type PresetName } from '../../shared/campaign/campaign-flags.ts';
import { PRESETS } from '../../shared/campaign/presets.ts';
import { CpralError, invalid } from '../../shared/errors.ts';
import { ENCODERS, type EncoderName } from '../../shared/model/encoder.ts';
import type { CampaignDraft, CampaignNumbers } from '../dashboard-types.ts';

/** Without weights of an encoder, which are a file. @throws INVALID_ARGUMENT naming the form's field */
export function draftConfig(draft: CampaignDraft): CampaignConfig {
  const preset = PRESETS[oneOf('preset', PRESET_NAMES, draft.preset)];
  const config = campaignConfig(preset, draft.strategy, flagsOf(draft));
  const asked = draft.annotator === 'people' ? byPeople(config, draft) : config;
  return draft.sigma === undefined ? asked : { ...asked, sigma: draft.sigma };
}

function byPeople(config: CampaignConfig, { annotation = {} }: CampaignDraft): CampaignConfig {
  return {
    ...config,
    annotator: Annotator.ANNOTATOR_PEOPLE,
    annotation: AnnotationConfig.fromPartial(annotation),
    oracleNoise: 0,
  };
}

/** @returns what a draft without numbers of its own gets */
export function presetDefaults(name: PresetName): Required<CampaignNumbers> {
  const { size, training, ...config } = PRESETS[name].config;
  const { cycles, initialImages, budgetImages, subsetImages, regionSizePx, regionSpacingPx, passes, sigma, seed } =
    config;
  const { network, steps = 0, epochs = 0, batchSize = 0 } = training ?? {};
  return {
    ...{ cycles, initialImages, budgetImages, subsetImages, regionSizePx, regionSpacingPx, passes, sigma, seed },
    ...{ steps, epochs, batchSize },
    height: size?.height ?? 0,
    width: size?.width ?? 0,
    encoder: network?.encoder ?? '',
    pretrained: true,
  };
}

/** An error of the registry with the form's name of its field: config.training.batch_size is batchSize. */
export function inFormsWords(error: unknown): unknown {
  if (!(error instanceof CpralError) || error.field === undefined) return error;
  const { code, message, reason, field, retryAfterMs } = error;
  const own = field
    .split('.')
    .at(-1)!
    .replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  return new CpralError(code, message, {
    reason,
    field: own,
    cause: error,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

function flagsOf({ height, width, encoder, steps, epochs, ...draft }: CampaignDraft): CampaignFlags {
  if ((height === undefined) !== (width === undefined)) {
    const field = height === undefined ? 'height' : 'width';
    throw invalid(`${field}: expected height and width together, got one`, { field });
  }
  const { cycles, initialImages, budgetImages, subsetImages, regionSizePx, regionSpacingPx } = draft;
  const { passes, seed, batchSize, oracleNoise } = draft;
  return {
    ...given({ cycles, initialImages, budgetImages, subsetImages, regionSizePx, regionSpacingPx }),
    ...given({ passes, seed, batchSize, oracleNoise }),
    ...(height === undefined || width === undefined ? {} : { size: { height, width } }),
    ...(encoder === undefined ? {} : { encoder: oneOf<EncoderName>('encoder', ENCODERS, encoder) }),
    // Either of them decides; 0 says that the other does.
    ...(epochs ? { epochs } : {}),
    ...(steps ? { steps } : {}),
  };
}

type Given<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

function given<T extends object>(values: T): Given<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Given<T>;
}

function oneOf<Word extends string>(field: string, words: readonly Word[], word: string): Word {
  const found = words.find((each) => each === word);
  if (found !== undefined) return found;
  throw invalid(`${field}: expected one of ${words.join(', ')}, got ${JSON.stringify(word.slice(0, 100))}`, { field });
}
