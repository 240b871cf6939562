// What a comparison is made of: arms, each a configuration that several campaigns ran, one for each seed.
import type { CampaignConfig, SegmentationClass } from '../../../proto/gen/cpral/v1/resources.ts';
import type { ReportCampaign, ReportMachine } from '../report/report.ts';

/** One line of a figure. */
export interface Arm {
  /** Unique in its figure; heads rows and series. */
  readonly name: string;
  /** Which of the figure's panels it stands in; arms are compared inside a panel. */
  readonly panel: string;
  readonly strategy: string;
  /** What its configuration differs in from the study's. */
  readonly change: Partial<CampaignConfig>;
}

/** One of the paper's figures, or one of our own. */
export interface Figure {
  readonly name: string;
  readonly title: string;
  /** What it asks, in a sentence. */
  readonly question: string;
  readonly arms: readonly Arm[];
  /** The name that the others are held against, in each panel that has it. */
  readonly control: string;
  readonly claims: readonly Claim[];
}

/** What the paper, or we, say a figure shows. */
export interface Claim {
  readonly text: string;
  judge(results: FigureResults): Judgement;
}

export interface Judgement {
  /** "unclear": the interval holds both answers, or too few seeds are done. */
  readonly verdict: 'holds' | 'does not hold' | 'unclear';
  /** The figures that say so. */
  readonly found: string;
}

/** An arm with what its campaigns found. */
export interface ArmResults {
  readonly arm: Arm;
  /** One for each seed that succeeded, by seed. */
  readonly campaigns: readonly ReportCampaign[];
}

export interface FigureResults {
  readonly figure: Figure;
  readonly arms: readonly ArmResults[];
  /** Trainings on all labels, one for each seed that has one. */
  readonly full: readonly ReportCampaign[];
}

export interface Study {
  readonly title: string;
  readonly dataset: {
    readonly name: string;
    readonly trainImages: number;
    readonly valImages: number;
    readonly classes: readonly SegmentationClass[];
    readonly rareClasses: readonly number[];
  };
  readonly figures: readonly FigureResults[];
  /** The configuration that arms change, in the protocol's JSON form; null where campaigns of any kind are compared. */
  readonly config: Readonly<Record<string, unknown>> | null;
  /** The command that makes the report again. */
  readonly command: string;
  /** Campaigns that did not succeed, a sentence each. */
  readonly failures: readonly string[];
  /** Campaigns that are planned and not done. */
  readonly missing: number;
  readonly machine: ReportMachine;
  readonly versions: Readonly<Record<string, string>>;
}
