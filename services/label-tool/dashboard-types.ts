// What the dashboard and its server agree on, beside the labelling API of api-types.ts: JSON under /api/v1, errors as problem details, times
// in ISO 8601, counts as numbers. `GET /api/v1/openapi.json` describes the same.
//
//   GET    /campaigns?pageToken                         CampaignList, newest first
//   GET    /events                                      server-sent events of all campaigns: `campaign`, `work`
//   GET    /campaigns/:id                               CampaignDetail, with ETag
//   GET    /campaigns/:id/events                        server-sent events of one: `campaign`, `cycle`, then `end` and the connection closes
//   GET    /campaigns/:id/comparison                    Comparison: the full-data reference, and other campaigns of the dataset
//   GET    /campaigns/:id/cycles/:cycle/selection?pageToken   SelectionPage: what a cycle picked, best first
//   POST   /campaigns/:id/pause | resume | cancel       ActionRequest, If-Match -> CampaignSummary
//   GET    /campaign-form                               CampaignForm: what the form offers
//   POST   /campaigns/preview                           CampaignDraft -> CampaignPreview; nothing is made
//   POST   /campaigns                                   CampaignRequest -> 201 CampaignSummary, 200 where an equal one was there already
//   GET    /datasets?pageToken                          DatasetList
//   GET    /work?campaignId&state&pageToken             WorkList
//   POST   /work/redrive                                RedriveRequest -> WorkList
//   GET    /models?campaignId                           ModelList
//   GET    /models/:id/weights                          the safetensors file, as a download
//   POST   /imports                                     ImportRequest -> 201 ImportStatus
//   POST   /imports/:id/files                           multipart/form-data of files, as often as wanted -> 200 ImportStatus
//   POST   /imports/:id/start                           {} -> 202 ImportStatus: no more files; checks and imports
//   GET    /imports/:id                                 ImportStatus
//   GET    /imports/:id/events                          server-sent events: `import`, until it has ended
//   DELETE /imports/:id                                 204; cancels it and deletes what was uploaded
//   GET    /annotators?campaignId                       AnnotatorList
//   GET    /suspicious?campaignId&pageToken             SuspiciousList, worst first
//   GET    /tasks?campaignId&state=submitted&pageToken  TaskList: the review queue
//   POST   /tasks/:id/review                            ReviewRequest, If-Match -> AnnotationTask
//   GET    /costs?campaignId                            CostList; /costs.csv?campaignId as a file
//
// A list's pageToken is the nextPageToken of the page before; an empty nextPageToken ends it. Addresses of pictures are made by the server and are
// fetched as they are; what they show never changes, so they may be kept for ever.
//
// Server-sent events: each has a name and one JSON object as data. The state as it is comes first, so a client that connects again misses nothing.
// A comment is sent every 15 s. A campaign that has ended sends `end` and the server closes: do not connect again then.
import type { AnnotationTask, TaskClass, TaskWindow } from './api-types.ts';

export type CampaignState = 'running' | 'paused' | 'succeeded' | 'failed' | 'cancelled';

export type CampaignStep =
  | 'initial-labels'
  | 'train'
  | 'rate'
  | 'select-centres'
  | 'train-sampler'
  | 'find-regions'
  | 'annotate'
  | 'extend'
  | 'done';

/** Who answers: a simulation from ground truth, or people on the labelling page. */
export type Annotator = 'simulated' | 'people';

export interface PixelSize {
  readonly height: number;
  readonly width: number;
}

/** How far the present step has come. */
export interface StepProgress {
  readonly itemsDone: number;
  readonly itemsTotal: number;
  /** Inside the items: optimizer steps, images. */
  readonly unitsDone: number;
  readonly unitsTotal: number;
  /** What is being done, for people; often empty. */
  readonly message: string;
  readonly startedAt: string | null;
}

/** Images of the pool by state; their sum is the pool. */
export interface PoolCounts {
  readonly unlabelled: number;
  readonly inAnnotation: number;
  readonly partlyLabelled: number;
  readonly fullyLabelled: number;
  readonly excluded: number;
}

/** A campaign in the list, and what an event `campaign` carries, whole. */
export interface CampaignSummary {
  readonly campaignId: string;
  /** For If-Match: changes with every transition, not with progress. */
  readonly etag: string;
  readonly datasetId: string;
  readonly datasetName: string;
  /** Such as "cpral", or parts such as "entropy+gaussian+extension". */
  readonly strategy: string;
  readonly annotator: Annotator;
  readonly seed: number;
  readonly state: CampaignState;
  readonly step: CampaignStep;
  /** From 0. */
  readonly cycle: number;
  /** Trainings in all. */
  readonly cycles: number;
  readonly progress: StepProgress;
  /** Of the present step and of the campaign, at the pace so far; null until something can be said, and where it does not run. */
  readonly stepSecondsLeft: number | null;
  readonly secondsLeft: number | null;
  readonly pool: PoolCounts;
  /** Of each cycle that was trained, from 0. */
  readonly mious: readonly number[];
  /** Share of the pool's pixels in the newest cycle. */
  readonly labelledFraction: number;
  /** Why it failed, a sentence; empty where it did not. */
  readonly error: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly actions: CampaignActions;
}

/** What may be done to it now. */
export interface CampaignActions {
  readonly pause: boolean;
  readonly resume: boolean;
  readonly cancel: boolean;
}

export interface CampaignList {
  readonly campaigns: readonly CampaignSummary[];
  readonly nextPageToken: string;
}

/** The data of an event `work`: at the start and whenever it changed, at most once a second. */
export interface WorkSummary {
  readonly queues: readonly QueueDepth[];
  /** Those that hold an item; an idle worker is not known. */
  readonly workers: readonly BusyWorker[];
  /** There is more work than was counted: the depths are at least these. */
  readonly truncated: boolean;
}

export interface QueueDepth {
  /** "train", "rate", "find_regions", "annotate", "extend_labels", "select_centres" or "train_sampler". */
  readonly kind: string;
  readonly open: number;
  readonly leased: number;
  readonly parked: number;
}

export interface BusyWorker {
  readonly worker: string;
  readonly kind: string;
  readonly itemId: string;
  readonly campaignId: string;
  readonly unitsDone: number;
  readonly unitsTotal: number;
  readonly leaseExpiresAt: string | null;
}

/** A campaign with everything but pictures. */
export interface CampaignDetail extends CampaignSummary {
  readonly classes: readonly TaskClass[];
  readonly settings: CampaignSettings;
  readonly cycleList: readonly CycleView[];
  /** Images that no worker could deal with; the first 100. */
  readonly excludedImages: readonly ExcludedImage[];
}

/** The numbers that decide it, for people. */
export interface CampaignSettings {
  readonly size: PixelSize;
  readonly initialImages: number;
  readonly budgetImages: number;
  readonly subsetImages: number;
  /** 0 where whole images are labelled. */
  readonly regionSizePx: number;
  readonly regionSpacingPx: number;
  readonly passes: number;
  readonly sigma: number;
  readonly oracleNoise: number;
  readonly encoder: string;
  readonly batchSize: number;
  /** 0 where epochs decide. */
  readonly steps: number;
  readonly epochs: number;
  readonly extends: boolean;
  /** Null where the annotator is simulated. */
  readonly annotation: AnnotationSettings | null;
}

export interface AnnotationSettings {
  /** Every label waits for a reviewer. */
  readonly review: boolean;
  /** Share of regions that two people label, and share of regions with known labels beside them. */
  readonly secondOpinionShare: number;
  readonly goldShare: number;
  readonly leaseSeconds: number;
}

export interface ExcludedImage {
  readonly imageId: string;
  readonly cause: string;
  /** The parked work item; redriving it lets the image in again. */
  readonly itemId: string;
}

/** A point of the learning curve, and the acquisition after it. Also the data of an event `cycle`: one that is new or changed. */
export interface CycleView {
  readonly cycle: number;
  /** What this cycle's model was trained on. */
  readonly labelled: LabelledCounts;
  /** Null until the model is trained. */
  readonly modelId: string | null;
  readonly evaluation: EvaluationView | null;
  readonly loss: number | null;
  readonly subsetImages: number;
  readonly seconds: PhaseSeconds;
  /** Of what the acquisition after the training picked; null in the last cycle and until it is known. */
  readonly picks: PickQuality | null;
  /** What people spent on the tasks of this cycle, so far; null where the annotator is simulated. */
  readonly cost: PeopleCost | null;
}

export interface LabelledCounts {
  readonly images: number;
  readonly regions: number;
  readonly pixels: number;
  readonly voidPixels: number;
  /** Of all pixels of the pool. */
  readonly fraction: number;
  readonly extendedPixels: number;
}

/** On the validation images. */
export interface EvaluationView {
  readonly miou: number;
  /** By class id; null where the class occurs neither in truth nor in prediction. */
  readonly iou: readonly (number | null)[];
  readonly pixelAccuracy: number;
  /** Row-major: rows true classes, columns predicted ones. */
  readonly confusion: readonly number[];
  /** By class id. What stands for the pool's classes, which nobody knows: validation images are like it. */
  readonly predictedPixels: readonly number[];
}

/** Of work, summed over items, waiting excluded. */
export interface PhaseSeconds {
  readonly train: number;
  readonly rate: number;
  readonly select: number;
  readonly annotate: number;
  readonly extend: number;
  readonly measure: number;
}

export interface PickQuality {
  readonly pickedPixels: number;
  /** By class id, as labelled: to be held against `evaluation.predictedPixels` of the same cycle. */
  readonly classPixels: readonly number[];
  readonly voidPixels: number;
  /** That the selecting model had wrong; null where it was not counted. */
  readonly wrongPixels: number | null;
}

export interface PeopleCost {
  readonly tasks: number;
  readonly activeSeconds: number;
  readonly clicks: number;
  readonly strokes: number;
  readonly pixels: number;
}

/** What a campaign is held against. Cut off at 500 campaigns of the dataset. */
export interface Comparison {
  /** Trained on all labels of the dataset, best match first; p90 and p95 are shares of the first one's miou. */
  readonly full: readonly FullReference[];
  /** Other campaigns of the dataset with two cycles or more, those that differ in nothing but the strategy first, then newest first. */
  readonly others: readonly ComparedCampaign[];
}

export interface FullReference {
  readonly campaignId: string;
  readonly miou: number;
  readonly seed: number;
  /** Same size, network and seed. */
  readonly matches: boolean;
}

export interface ComparedCampaign {
  readonly campaignId: string;
  readonly strategy: string;
  readonly seed: number;
  readonly state: CampaignState;
  /** Differs in nothing but the strategy: what to show as the control where its strategy is "random". */
  readonly matches: boolean;
  readonly points: readonly CurvePoint[];
}

export interface CurvePoint {
  readonly cycle: number;
  readonly pixels: number;
  readonly fraction: number;
  readonly miou: number;
}

/** Images that a cycle picked from, by the rank of their best region. */
export interface SelectionPage {
  readonly images: readonly SelectedImage[];
  readonly nextPageToken: string;
}

export interface SelectedImage {
  readonly imageId: string;
  /** The campaign's: what windows are measured in. */
  readonly size: PixelSize;
  readonly regions: readonly SelectedRegion[];
  readonly pictures: SelectionPictures;
}

export interface SelectedRegion extends TaskWindow {
  readonly regionId: string;
  readonly score: number;
  /** From 0 in a cycle. */
  readonly rank: number;
}

/** Addresses, null where there is none. Labels and prediction are 8-bit grey PNG of class ids at the campaign's size, 255 is none. */
export interface SelectionPictures {
  /** At the campaign's size. */
  readonly image: string;
  /** Grey PNG, smaller than the image. */
  readonly entropy: string | null;
  /** At the end of the cycle: what somebody gave, and with what the extension added; null until then, the second where nothing extends. */
  readonly labelGiven: string | null;
  readonly labelExtended: string | null;
  /** Of the model that picked it. */
  readonly prediction: string | null;
}

/** The request is made once however often it is sent within a day. */
export interface ActionRequest {
  readonly requestId: string;
}

export interface CampaignForm {
  readonly datasets: readonly DatasetView[];
  readonly strategies: readonly StrategyOption[];
  readonly presets: readonly PresetOption[];
  readonly encoders: readonly string[];
  /** Bounds of the fields, by their name in CampaignDraft. */
  readonly limits: Readonly<Record<string, NumberLimits>>;
}

export interface NumberLimits {
  readonly min: number;
  readonly max: number;
  readonly integer: boolean;
}

export interface StrategyOption {
  readonly name: string;
  /** What it does, a sentence. */
  readonly summary: string;
  /** It labels whole images, not regions. */
  readonly wholeImages: boolean;
  readonly extends: boolean;
}

export interface PresetOption {
  readonly name: string;
  readonly summary: string;
  /** What a draft without its own values gets. */
  readonly defaults: Required<CampaignNumbers>;
}

/** Values that take the place of the preset's. The names of fields are what a problem's `field` says. */
export interface CampaignNumbers {
  readonly cycles?: number;
  readonly initialImages?: number;
  /** What a cycle may label, in image equivalents. */
  readonly budgetImages?: number;
  /** 0: twice the budget. */
  readonly subsetImages?: number;
  /** Odd; 0: an eighth of the height. */
  readonly regionSizePx?: number;
  readonly regionSpacingPx?: number;
  readonly height?: number;
  readonly width?: number;
  readonly passes?: number;
  readonly sigma?: number;
  readonly seed?: number;
  readonly encoder?: string;
  /** Starts from weights that were trained on ImageNet where the encoder has some; else random. */
  readonly pretrained?: boolean;
  /** Optimizer steps of a training; 0: `epochs` decides. */
  readonly steps?: number;
  readonly epochs?: number;
  readonly batchSize?: number;
}

export interface CampaignDraft extends CampaignNumbers {
  /** Lower-case letters, digits and hyphens; absent: made from strategy and settings. */
  readonly campaignId?: string;
  readonly datasetId: string;
  readonly preset: string;
  readonly strategy: string;
  readonly annotator: Annotator;
  /** Share of wrong answers of the simulated annotator, 0 to 1. */
  readonly oracleNoise?: number;
  /** Only where people annotate. */
  readonly annotation?: Partial<AnnotationSettings>;
}

export interface CampaignRequest extends CampaignDraft {
  readonly requestId: string;
}

/** What a campaign would cost. */
export interface CampaignPreview {
  readonly poolImages: number;
  readonly initialImages: number;
  readonly initialPixels: number;
  /** Regions a cycle, or whole images where the strategy labels those. */
  readonly regionsPerCycle: number;
  readonly pixelsPerCycle: number;
  /** 0 where whole images are labelled. */
  readonly regionSizePx: number;
  readonly subsetImages: number;
  /** Of the pool after the last acquisition. */
  readonly finalFraction: number;
  /** Of people, by what a pixel took them in this dataset before; null where the annotator is simulated or nobody labelled yet. */
  readonly peopleSeconds: number | null;
  /** Of computing for the whole campaign, by what an equal network took at this size before; null where there was none. */
  readonly computeSeconds: EstimatedSeconds | null;
}

export interface EstimatedSeconds {
  readonly train: number;
  readonly rate: number;
  readonly select: number;
  /** The campaign whose measured seconds these follow from. */
  readonly basisCampaignId: string;
}

export interface DatasetView {
  readonly datasetId: string;
  readonly displayName: string;
  readonly classes: readonly TaskClass[];
  readonly trainImages: number;
  readonly valImages: number;
  /** Of its first training image. */
  readonly size: PixelSize | null;
  /** Of its first training image: a simulated annotator needs it of all. */
  readonly hasGroundTruth: boolean;
  readonly createdAt: string;
}

export interface DatasetList {
  readonly datasets: readonly DatasetView[];
  readonly nextPageToken: string;
}

export type WorkState = 'open' | 'leased' | 'done' | 'parked' | 'cancelled' | 'split';

export interface WorkView {
  readonly itemId: string;
  readonly campaignId: string;
  readonly cycle: number;
  readonly step: CampaignStep;
  readonly kind: string;
  readonly state: WorkState;
  readonly attempts: number;
  readonly failures: number;
  /** Who has it, or had it last; empty where nobody had. */
  readonly worker: string;
  /** What its last attempt came to, a sentence; empty where that was nothing bad. */
  readonly cause: string;
  readonly unitsDone: number;
  readonly unitsTotal: number;
  readonly createdAt: string;
  readonly leaseExpiresAt: string | null;
}

export interface WorkList {
  readonly items: readonly WorkView[];
  readonly nextPageToken: string;
}

/** Either items or a campaign. */
export interface RedriveRequest {
  readonly requestId: string;
  /** At most 1000. */
  readonly itemIds?: readonly string[];
  /** All parked items of it. */
  readonly campaignId?: string;
}

export interface ModelView {
  readonly modelId: string;
  readonly campaignId: string;
  readonly cycle: number;
  readonly encoder: string;
  readonly classCount: number;
  readonly size: PixelSize;
  readonly miou: number | null;
  readonly sizeBytes: number;
  readonly createdAt: string;
  /** Digest of all that went into the training. */
  readonly trainingDigest: string;
  /** Address of the safetensors file. */
  readonly download: string;
}

export interface ModelList {
  readonly models: readonly ModelView[];
}

/** As `cpral dataset import` has them: docs/deployment.md. */
export type ImportFormat = 'masks' | 'camvid' | 'cityscapes' | 'bdd100k';

export interface ImportRequest {
  readonly format: ImportFormat;
  /** For people, 1 to 100 characters. */
  readonly displayName: string;
}

/**
 * A part of a multipart upload is a file. Its file name is its path in the dataset's folder, as `webkitRelativePath` has it (a common first
 * folder is left out), or it ends with .zip, .tar, .tar.gz or .tgz and is unpacked.
 */
export interface ImportStatus {
  readonly importId: string;
  readonly format: ImportFormat;
  readonly displayName: string;
  /** Receiving: waits for files; checking: reads all of them; importing: sends them to the registry. */
  readonly state: 'receiving' | 'checking' | 'importing' | 'succeeded' | 'failed' | 'cancelled';
  /** Received so far, archives unpacked. */
  readonly files: number;
  readonly bytes: number;
  /** Of checking or importing. */
  readonly imagesDone: number;
  readonly imagesTotal: number;
  /** Empty where nothing failed. */
  readonly error: string;
  /** Once it succeeded. */
  readonly datasetId: string | null;
  /** The same content was there already. */
  readonly existed: boolean;
}

/** POST /tasks/:id/review. The reviewer is not the annotator: 409 else. */
export interface ReviewRequest {
  readonly requestId: string;
  readonly accept: boolean;
  /** What is to be done; wanted where the label is returned. */
  readonly note: string;
  readonly reviewer: string;
}

/** What only reviewers see: an annotator does not know which tasks are gold. */
export interface ReviewedTask extends AnnotationTask {
  readonly purpose: 'label' | 'second-opinion' | 'gold';
  readonly reviewer: string | null;
  readonly cost: PeopleCost | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface TaskList {
  readonly tasks: readonly ReviewedTask[];
  readonly nextPageToken: string;
}

export interface AnnotatorList {
  readonly annotators: readonly AnnotatorSummary[];
}

export interface AnnotatorSummary {
  readonly annotator: string;
  readonly tasks: number;
  readonly activeSeconds: number;
  readonly clicks: number;
  readonly strokes: number;
  readonly pixels: number;
  /** Mean IoU against known labels; null where none was given. */
  readonly goldIou: number | null;
  /** Mean IoU with others on the same regions; null where there is none. */
  readonly agreementIou: number | null;
  /** Share of the tasks that a reviewer sent back. */
  readonly returnedShare: number;
}

export interface SuspiciousList {
  readonly labels: readonly SuspiciousLabel[];
  readonly nextPageToken: string;
}

/** A label that a confident model contradicts. */
export interface SuspiciousLabel {
  readonly task: ReviewedTask;
  /** Share of the window's pixels that differ from the prediction, weighed by its certainty, 0 to 1. */
  readonly disagreement: number;
}

export interface CostList {
  readonly costs: readonly TaskCost[];
  readonly nextPageToken: string;
}

export interface TaskCost extends PeopleCost {
  readonly taskId: string;
  readonly campaignId: string;
  readonly cycle: number;
  readonly imageId: string;
  readonly annotator: string;
}
