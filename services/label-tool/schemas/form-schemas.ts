// Making a campaign: what the form offers, sends and is told.
import { Type } from 'typebox';
import type { NumberLimits as Limits } from '../dashboard-types.ts';
import { LIMITS } from '../form/limits.ts';
import { AnnotationSettings, Annotator, PixelSize } from './common-schemas.ts';
import { list, nullable, RequestId, request } from './kinds.ts';
import { TaskClass } from './task-schemas.ts';

/** A number that a preset has too. */
function numberIn({ min, max, integer }: Limits, description?: string) {
  const options = { minimum: min, maximum: max, ...(description === undefined ? {} : { description }) };
  return Type.Optional(
    integer ? Type.Unsafe<number>(Type.Integer(options)) : Type.Unsafe<number>(Type.Number(options)),
  );
}

export const DatasetView = Type.Object({
  datasetId: Type.String(),
  displayName: Type.String(),
  classes: list(TaskClass),
  trainImages: Type.Number(),
  valImages: Type.Number(),
  size: nullable(PixelSize, { description: 'Of its first training image.' }),
  hasGroundTruth: Type.Boolean({ description: 'Of its first training image: a simulated annotator needs it of all.' }),
  createdAt: Type.String(),
});

export const StrategyOption = Type.Object({
  name: Type.String(),
  summary: Type.String({ description: 'What it does, a sentence.' }),
  wholeImages: Type.Boolean({ description: 'It labels whole images, not regions.' }),
  extends: Type.Boolean(),
});

export const CampaignNumbers = Type.Object(
  {
    cycles: numberIn(LIMITS.cycles),
    initialImages: numberIn(LIMITS.initialImages),
    budgetImages: numberIn(LIMITS.budgetImages, 'What a cycle may label, in image equivalents.'),
    subsetImages: numberIn(LIMITS.subsetImages, '0: twice the budget.'),
    regionSizePx: numberIn(LIMITS.regionSizePx, 'Odd; 0: an eighth of the height.'),
    regionSpacingPx: numberIn(LIMITS.regionSpacingPx),
    height: numberIn(LIMITS.height),
    width: numberIn(LIMITS.width),
    passes: numberIn(LIMITS.passes),
    sigma: numberIn(LIMITS.sigma),
    seed: numberIn(LIMITS.seed),
    steps: numberIn(LIMITS.steps, 'Optimizer steps of a training; 0: `epochs` decides.'),
    epochs: numberIn(LIMITS.epochs),
    batchSize: numberIn(LIMITS.batchSize),
    encoder: Type.Optional(Type.String({ maxLength: 100 })),
    pretrained: Type.Optional(
      Type.Boolean({
        description: 'Starts from weights that were trained on ImageNet where the encoder has some; else random.',
      }),
    ),
  },
  { description: "Values that take the place of the preset's. The names of fields are what a problem's `field` says." },
);

export const PresetOption = Type.Object({
  name: Type.String(),
  summary: Type.String(),
  defaults: Type.Required(CampaignNumbers),
});

export const NumberLimits = Type.Object({
  min: Type.Number(),
  max: Type.Number(),
  integer: Type.Boolean(),
});

export const CampaignForm = Type.Object({
  datasets: list(DatasetView),
  strategies: list(StrategyOption),
  presets: list(PresetOption),
  encoders: list(Type.String()),
  limits: Type.Record(Type.String(), NumberLimits, {
    description: 'Bounds of the fields, by their name in CampaignDraft.',
  }),
});

export const CampaignDraft = request({
  ...CampaignNumbers.properties,
  campaignId: Type.Optional(
    Type.String({
      pattern: '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$',
      description: 'Lower-case letters, digits and hyphens; absent: made from strategy and settings.',
    }),
  ),
  datasetId: Type.String({ minLength: 1, maxLength: 200 }),
  preset: Type.String({ minLength: 1, maxLength: 100 }),
  strategy: Type.String({ minLength: 1, maxLength: 200 }),
  annotator: Annotator,
  oracleNoise: numberIn(LIMITS.oracleNoise, 'Share of wrong answers of the simulated annotator.'),
  annotation: Type.Optional(Type.Partial(AnnotationSettings, { additionalProperties: false })),
});

export const CampaignRequest = request({
  ...CampaignDraft.properties,
  requestId: RequestId,
});

export const EstimatedSeconds = Type.Object({
  train: Type.Number(),
  rate: Type.Number(),
  select: Type.Number(),
  basisCampaignId: Type.String({ description: 'The campaign whose measured seconds these follow from.' }),
});

export const CampaignPreview = Type.Object(
  {
    poolImages: Type.Number(),
    initialImages: Type.Number(),
    initialPixels: Type.Number(),
    regionsPerCycle: Type.Number({ description: 'Regions a cycle, or whole images where the strategy labels those.' }),
    pixelsPerCycle: Type.Number(),
    regionSizePx: Type.Number({ description: '0 where whole images are labelled.' }),
    subsetImages: Type.Number(),
    finalFraction: Type.Number({ description: 'Of the pool after the last acquisition.' }),
    peopleSeconds: nullable(Type.Number(), {
      description:
        'Of people, by what a pixel took them in this dataset before; null where the annotator is simulated or nobody labelled yet.',
    }),
    computeSeconds: nullable(EstimatedSeconds, {
      description:
        'Of computing for the whole campaign, by what an equal network took at this size before; null where there was none.',
    }),
  },
  { description: 'What a campaign would cost.' },
);

export const DatasetList = Type.Object({
  datasets: list(DatasetView),
  nextPageToken: Type.String(),
});
