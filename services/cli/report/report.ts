// report.json: what a run found, as plain numbers. Programs rely on the names; new ones may be added, none change.
import type { SegmentationClass } from '../../../proto/gen/cpral/v1/resources.ts';

export const REPORT_SCHEMA = 'cpral.report/v1';

export interface Report {
  readonly schema: typeof REPORT_SCHEMA;
  readonly dataset: ReportDataset;
  /** The strategy that was asked for; its campaign is the first one. */
  readonly strategy: string;
  /** The preset that the configuration began from; null where there was none. */
  readonly preset: string | null;
  /** The protocol's JSON form of the strategy's CampaignConfig. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly seed: number;
  readonly campaigns: readonly ReportCampaign[];
  /** A training on all labels; null where it was not asked for. */
  readonly full: ReportFull | null;
  readonly machine: ReportMachine;
  /** By name: "cpral", "node". */
  readonly versions: Readonly<Record<string, string>>;
}

interface ReportDataset {
  readonly id: string;
  readonly name: string;
  readonly trainImages: number;
  readonly valImages: number;
  readonly classes: readonly SegmentationClass[];
  readonly pool: PoolShare;
  /** Ids of classes with less than half an even share of the pool. */
  readonly rareClasses: readonly number[];
}

/** How the classes are distributed over the pool, as the ground truth has them. */
export interface PoolShare {
  /** Images that were counted: all, or an even sample of a large pool. */
  readonly countedImages: number;
  /** By class id; shares of the pixels that have a class, 1 in sum. Empty where there is no ground truth. */
  readonly classShare: readonly number[];
  /** Share of the pixels that have no class. */
  readonly voidShare: number;
}

export interface ReportCampaign {
  /** The strategy's name. */
  readonly name: string;
  readonly id: string;
  readonly state: string;
  readonly seed: number;
  readonly cycles: readonly ReportCycle[];
  /** Images that no worker could deal with: they took no part from then on. */
  readonly excluded: readonly { readonly imageId: string; readonly cause: string }[];
}

export interface ReportCycle {
  /** From 0. */
  readonly cycle: number;
  /** What the cycle's model learnt from. */
  readonly labelled: {
    readonly images: number;
    readonly regions: number;
    /** Pixels that were paid for, void ones included. */
    readonly pixels: number;
    readonly voidPixels: number;
    /** Paid pixels over all pixels of the pool. */
    readonly fraction: number;
  };
  readonly extended: { readonly pixels: number };
  readonly miou: number;
  /** By class id; null where the class occurs in neither ground truth nor prediction. */
  readonly iou: readonly (number | null)[];
  /** Mean over the rare classes; null where none of them occurs. */
  readonly rareIou: number | null;
  readonly pixelAccuracy: number;
  readonly loss: number;
  readonly seconds: PhaseSecondsByName;
  readonly modelId: string;
  /** What the acquisition after the training picked; null after the last one. */
  readonly picked: Picked | null;
}

export const PHASES = ['train', 'rate', 'select', 'annotate', 'extend'] as const;
type PhaseSecondsByName = Readonly<Record<(typeof PHASES)[number], number>>;

interface Picked {
  readonly pixels: number;
  readonly voidPixels: number;
  /** By true class. */
  readonly classPixels: readonly number[];
  /** Pixels with a class that the model which picked them had wrong; null where it was not counted. */
  readonly wrongPixels: number | null;
  /** By the name of another campaign: the share of these pixels that it picked in the same cycle. */
  readonly overlap: Readonly<Record<string, number>>;
}

export interface ReportFull {
  readonly miou: number;
  readonly iou: readonly (number | null)[];
  readonly campaignId: string;
  /** By campaign name: the labelled fraction at which a model first had 90 and 95 % of this mIoU; null where none had. */
  readonly reached: Readonly<Record<string, { readonly p90: number | null; readonly p95: number | null }>>;
}

export interface ReportMachine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly platform: string;
}
