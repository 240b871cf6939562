// Campaigns and their cycles, as they travel: dashboard-types.ts has the same as types.
import { Type } from 'typebox';
import { AnnotationSettings, Annotator, PixelSize } from './common-schemas.ts';
import { list, nullable, oneOf, RequestId, request } from './kinds.ts';
import { PeopleCost, TaskClass, TaskWindow } from './task-schemas.ts';

export const CampaignState = oneOf(['running', 'paused', 'succeeded', 'failed', 'cancelled']);

export const CampaignStep = oneOf([
  'initial-labels',
  'train',
  'rate',
  'select-centres',
  'train-sampler',
  'find-regions',
  'annotate',
  'extend',
  'done',
]);

export const StepProgress = Type.Object(
  {
    itemsDone: Type.Number(),
    itemsTotal: Type.Number(),
    unitsDone: Type.Number({ description: 'Inside the items: optimizer steps, images.' }),
    unitsTotal: Type.Number(),
    message: Type.String({ description: 'What is being done, for people; often empty.' }),
    startedAt: nullable(Type.String()),
  },
  { description: 'How far the present step has come.' },
);

export const PoolCounts = Type.Object(
  {
    unlabelled: Type.Number(),
    inAnnotation: Type.Number(),
    partlyLabelled: Type.Number(),
    fullyLabelled: Type.Number(),
    excluded: Type.Number(),
  },
  { description: 'Images of the pool by state; their sum is the pool.' },
);

export const CampaignActions = Type.Object(
  {
    pause: Type.Boolean(),
    resume: Type.Boolean(),
    cancel: Type.Boolean(),
  },
  { description: 'What may be done to it now.' },
);

export const CampaignSummary = Type.Object(
  {
    campaignId: Type.String(),
    etag: Type.String({ description: 'For If-Match: changes with every transition, not with progress.' }),
    datasetId: Type.String(),
    datasetName: Type.String(),
    strategy: Type.String({ description: 'Such as "cpral", or parts such as "entropy+gaussian+extension".' }),
    annotator: Annotator,
    seed: Type.Number(),
    state: CampaignState,
    step: CampaignStep,
    cycle: Type.Number({ description: 'From 0.' }),
    cycles: Type.Number({ description: 'Trainings in all.' }),
    progress: StepProgress,
    stepSecondsLeft: nullable(Type.Number(), {
      description:
        'Of the present step and of the campaign, at the pace so far; null until something can be said, and where it does not run.',
    }),
    secondsLeft: nullable(Type.Number()),
    pool: PoolCounts,
    mious: list(Type.Number(), { description: 'Of each cycle that was trained, from 0.' }),
    labelledFraction: Type.Number({ description: "Share of the pool's pixels in the newest cycle." }),
    error: Type.String({ description: 'Why it failed, a sentence; empty where it did not.' }),
    createdAt: Type.String(),
    updatedAt: Type.String(),
    actions: CampaignActions,
  },
  { description: 'A campaign in the list, and what an event `campaign` carries, whole.' },
);

export const CampaignList = Type.Object({
  campaigns: list(CampaignSummary),
  nextPageToken: Type.String(),
});

export const CampaignSettings = Type.Object(
  {
    size: PixelSize,
    initialImages: Type.Number(),
    budgetImages: Type.Number(),
    subsetImages: Type.Number(),
    regionSizePx: Type.Number({ description: '0 where whole images are labelled.' }),
    regionSpacingPx: Type.Number(),
    passes: Type.Number(),
    sigma: Type.Number(),
    oracleNoise: Type.Number(),
    encoder: Type.String(),
    batchSize: Type.Number(),
    steps: Type.Number({ description: '0 where epochs decide.' }),
    epochs: Type.Number(),
    extends: Type.Boolean(),
    annotation: nullable(AnnotationSettings, { description: 'Null where the annotator is simulated.' }),
  },
  { description: 'The numbers that decide it, for people.' },
);

export const LabelledCounts = Type.Object({
  images: Type.Number(),
  regions: Type.Number(),
  pixels: Type.Number(),
  voidPixels: Type.Number(),
  fraction: Type.Number({ description: 'Of all pixels of the pool.' }),
  extendedPixels: Type.Number(),
});

export const EvaluationView = Type.Object(
  {
    miou: Type.Number(),
    iou: list(nullable(Type.Number()), {
      description: 'By class id; null where the class occurs neither in truth nor in prediction.',
    }),
    pixelAccuracy: Type.Number(),
    confusion: list(Type.Number(), { description: 'Row-major: rows true classes, columns predicted ones.' }),
    predictedPixels: list(Type.Number(), {
      description:
        "By class id. What stands for the pool's classes, which nobody knows: validation images are like it.",
    }),
  },
  { description: 'On the validation images.' },
);

export const PhaseSeconds = Type.Object(
  {
    train: Type.Number(),
    rate: Type.Number(),
    select: Type.Number(),
    annotate: Type.Number(),
    extend: Type.Number(),
    measure: Type.Number(),
  },
  { description: 'Of work, summed over items, waiting excluded.' },
);

export const PickQuality = Type.Object({
  pickedPixels: Type.Number(),
  classPixels: list(Type.Number(), {
    description: 'By class id, as labelled: to be held against `evaluation.predictedPixels` of the same cycle.',
  }),
  voidPixels: Type.Number(),
  wrongPixels: nullable(Type.Number(), {
    description: 'That the selecting model had wrong; null where it was not counted.',
  }),
});

export const CycleView = Type.Object(
  {
    cycle: Type.Number(),
    labelled: LabelledCounts,
    modelId: nullable(Type.String(), { description: 'Null until the model is trained.' }),
    evaluation: nullable(EvaluationView),
    loss: nullable(Type.Number()),
    subsetImages: Type.Number(),
    seconds: PhaseSeconds,
    picks: nullable(PickQuality, {
      description: 'Of what the acquisition after the training picked; null in the last cycle and until it is known.',
    }),
    cost: nullable(PeopleCost, {
      description: 'What people spent on the tasks of this cycle, so far; null where the annotator is simulated.',
    }),
  },
  {
    description:
      'A point of the learning curve, and the acquisition after it. Also the data of an event `cycle`: one that is new or changed.',
  },
);

export const ExcludedImage = Type.Object({
  imageId: Type.String(),
  cause: Type.String(),
  itemId: Type.String({ description: 'The parked work item; redriving it lets the image in again.' }),
});

export const CampaignDetail = Type.Object(
  {
    ...CampaignSummary.properties,
    classes: list(TaskClass),
    settings: CampaignSettings,
    cycleList: list(CycleView),
    excludedImages: list(ExcludedImage, { description: 'Images that no worker could deal with; the first 100.' }),
  },
  { description: 'A campaign with everything but pictures.' },
);

export const FullReference = Type.Object({
  campaignId: Type.String(),
  miou: Type.Number(),
  seed: Type.Number(),
  matches: Type.Boolean({ description: 'Same size, network and seed.' }),
});

export const CurvePoint = Type.Object({
  cycle: Type.Number(),
  pixels: Type.Number(),
  fraction: Type.Number(),
  miou: Type.Number(),
});

export const ComparedCampaign = Type.Object({
  campaignId: Type.String(),
  strategy: Type.String(),
  seed: Type.Number(),
  state: CampaignState,
  matches: Type.Boolean({
    description: 'Differs in nothing but the strategy: what to show as the control where its strategy is "random".',
  }),
  points: list(CurvePoint),
});

export const Comparison = Type.Object(
  {
    full: list(FullReference, {
      description:
        "Trained on all labels of the dataset, best match first; p90 and p95 are shares of the first one's miou.",
    }),
    others: list(ComparedCampaign, {
      description:
        'Other campaigns of the dataset with two cycles or more, those that differ in nothing but the strategy first, then newest first.',
    }),
  },
  { description: 'What a campaign is held against. Cut off at 500 campaigns of the dataset.' },
);

export const SelectedRegion = Type.Object({
  ...TaskWindow.properties,
  regionId: Type.String(),
  score: Type.Number(),
  rank: Type.Number({ description: 'From 0 in a cycle.' }),
});

export const SelectionPictures = Type.Object(
  {
    image: Type.String({ description: "At the campaign's size." }),
    entropy: nullable(Type.String(), { description: 'Grey PNG, smaller than the image.' }),
    labelGiven: nullable(Type.String(), {
      description:
        'At the end of the cycle: what somebody gave, and with what the extension added; null until then, the second where nothing extends.',
    }),
    labelExtended: nullable(Type.String()),
    prediction: nullable(Type.String(), { description: 'Of the model that picked it.' }),
  },
  {
    description:
      "Addresses, null where there is none. Labels and prediction are 8-bit grey PNG of class ids at the campaign's size, 255 is none.",
  },
);

export const SelectedImage = Type.Object({
  imageId: Type.String(),
  size: PixelSize,
  regions: list(SelectedRegion),
  pictures: SelectionPictures,
});

export const SelectionPage = Type.Object(
  {
    images: list(SelectedImage),
    nextPageToken: Type.String(),
  },
  { description: 'Images that a cycle picked from, by the rank of their best region.' },
);

export const ActionRequest = request({ requestId: RequestId });
