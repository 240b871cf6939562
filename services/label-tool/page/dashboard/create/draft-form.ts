// The form of a new campaign as text, and what becomes of it. Pure.
import type {
  AnnotationSettings,
  Annotator,
  CampaignDraft,
  CampaignForm,
  CampaignNumbers,
  NumberLimits,
  PresetOption,
} from '../../../dashboard-types.ts';

/** Fields that are numbers, by their name in CampaignDraft. */
export const MAIN_NUMBERS = ['cycles', 'initialImages', 'budgetImages', 'subsetImages'] as const;
export const FINE_NUMBERS = [
  'regionSizePx',
  'regionSpacingPx',
  'height',
  'width',
  'passes',
  'sigma',
  'seed',
  'steps',
  'epochs',
  'batchSize',
] as const;
export const SHARES = ['oracleNoise', 'secondOpinionShare', 'goldShare'] as const;
export type NumberField = (typeof MAIN_NUMBERS)[number] | (typeof FINE_NUMBERS)[number];
export type ShareField = (typeof SHARES)[number];

export interface FormText {
  readonly campaignId: string;
  readonly datasetId: string;
  readonly preset: string;
  readonly strategy: string;
  readonly annotator: Annotator;
  readonly review: boolean;
  readonly encoder: string;
  /** Null: as the preset has it. */
  readonly pretrained: boolean | null;
  /** As typed; shares in percent. Empty: the preset's value, or none of it. */
  readonly numbers: Readonly<Partial<Record<NumberField | ShareField, string>>>;
}

export type FieldErrors = Readonly<Record<string, string>>;

export interface ParsedForm {
  readonly draft: CampaignDraft;
  readonly errors: FieldErrors;
}

const SHARE_LIMITS: NumberLimits = { min: 0, max: 100, integer: false };

export function parseForm(text: FormText, { limits }: Pick<CampaignForm, 'limits'>): ParsedForm {
  const errors: Record<string, string> = {};
  const read = (field: NumberField | ShareField, bounds: NumberLimits | undefined): number | undefined => {
    const typed = text.numbers[field]?.trim() ?? '';
    if (typed === '') return undefined;
    const problem = problemOf(typed, bounds);
    if (problem) errors[field] = problem;
    return problem ? undefined : Number(typed);
  };
  const numbers = Object.fromEntries(
    [...MAIN_NUMBERS, ...FINE_NUMBERS].flatMap((field) => {
      const value = read(field, limits[field]);
      return value === undefined ? [] : [[field, value]];
    }),
  ) as CampaignNumbers;
  const share = (field: ShareField) => {
    const value = read(field, SHARE_LIMITS);
    return value === undefined ? {} : { [field]: value / 100 };
  };
  if (!text.datasetId) errors.datasetId = 'Choose a dataset';
  const people = text.annotator === 'people';
  const annotation: Partial<AnnotationSettings> = {
    review: text.review,
    ...share('secondOpinionShare'),
    ...share('goldShare'),
  };
  return {
    draft: {
      datasetId: text.datasetId,
      preset: text.preset,
      strategy: text.strategy,
      annotator: text.annotator,
      ...(text.campaignId.trim() ? { campaignId: text.campaignId.trim() } : {}),
      ...(text.encoder ? { encoder: text.encoder } : {}),
      ...(text.pretrained === null ? {} : { pretrained: text.pretrained }),
      ...numbers,
      ...(people ? { annotation } : share('oracleNoise')),
    },
    errors,
  };
}

function problemOf(typed: string, bounds: NumberLimits | undefined): string | undefined {
  const value = Number(typed);
  if (!Number.isFinite(value)) return 'Expected a number';
  if (!bounds) return undefined;
  if (bounds.integer && !Number.isInteger(value)) return 'Expected a whole number';
  if (value < bounds.min || value > bounds.max) return `Expected ${bounds.min} to ${bounds.max}`;
  return undefined;
}

/** @returns what a form begins with: people where nobody else knows the answers */
export function firstText(form: CampaignForm, datasetId: string | null): FormText {
  const dataset = form.datasets.find((each) => each.datasetId === datasetId) ?? form.datasets[0];
  return {
    campaignId: '',
    datasetId: dataset?.datasetId ?? '',
    preset: form.presets[0]?.name ?? '',
    strategy: form.strategies[0]?.name ?? '',
    annotator: 'people',
    review: false,
    encoder: '',
    pretrained: null,
    numbers: {},
  };
}

export function defaultOf(preset: PresetOption | undefined, field: NumberField): string {
  const value = preset?.defaults[field];
  return value === undefined ? '' : String(value);
}
