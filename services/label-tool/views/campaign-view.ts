// A campaign as the dashboard has it. Pure.
import type { OperationProgress } from '../../../proto/gen/cpral/v1/operations.ts';
import {
  Annotator,
  type Campaign,
  type CampaignConfig,
  type Cycle,
  type Dataset,
} from '../../../proto/gen/cpral/v1/resources.ts';
import { fromDuration } from '../../shared/grpc/duration.ts';
import type { TaskClass } from '../api-types.ts';
import type {
  AnnotationSettings,
  CampaignDetail,
  CampaignState,
  CampaignSummary,
  CycleView,
} from '../dashboard-types.ts';
import { quoted } from '../server/etags.ts';
import { isoOf } from './times.ts';
import { stateWord, stepWord } from './words.ts';

export interface CampaignFacts {
  readonly campaign: Campaign;
  readonly datasetName: string;
  /** Undefined where it does not run. */
  readonly progress: OperationProgress | undefined;
  readonly mious: readonly number[];
  readonly labelledFraction: number;
}

export function summaryOf({ campaign, datasetName, progress, ...learnt }: CampaignFacts): CampaignSummary {
  const { config, pool, progress: step } = campaign;
  const state = stateWord(campaign.state);
  return {
    campaignId: campaign.campaignId,
    etag: quoted(campaign.etag),
    datasetId: campaign.datasetId,
    datasetName,
    strategy: campaign.strategy?.name ?? '',
    annotator: config?.annotator === Annotator.ANNOTATOR_PEOPLE ? 'people' : 'simulated',
    seed: config?.seed ?? 0,
    state,
    step: stepWord(campaign.step),
    cycle: campaign.cycle,
    cycles: config?.cycles ?? 0,
    progress: {
      itemsDone: step?.itemsDone ?? 0,
      itemsTotal: step?.itemsTotal ?? 0,
      unitsDone: step?.unitsDone ?? 0,
      unitsTotal: step?.unitsTotal ?? 0,
      message: step?.message ?? '',
      startedAt: isoOf(step?.startTime) ?? null,
    },
    stepSecondsLeft: secondsOf(progress?.stepTimeLeft),
    secondsLeft: secondsOf(progress?.timeLeft),
    pool: {
      unlabelled: Number(pool?.unlabelled ?? 0),
      inAnnotation: Number(pool?.inAnnotation ?? 0),
      partlyLabelled: Number(pool?.partlyLabelled ?? 0),
      fullyLabelled: Number(pool?.fullyLabelled ?? 0),
      excluded: Number(pool?.excluded ?? 0),
    },
    ...learnt,
    error: campaign.error,
    createdAt: isoOf(campaign.createTime) ?? '',
    updatedAt: isoOf(campaign.updateTime) ?? '',
    actions: actionsIn(state),
  };
}

export function detailOf(
  summary: CampaignSummary,
  campaign: Campaign,
  dataset: Dataset,
  cycles: readonly CycleView[],
): CampaignDetail {
  const { config, strategy } = campaign;
  const training = config?.training;
  return {
    ...summary,
    classes: classesOf(dataset),
    settings: {
      size: { height: config?.size?.height ?? 0, width: config?.size?.width ?? 0 },
      initialImages: config?.initialImages ?? 0,
      budgetImages: config?.budgetImages ?? 0,
      subsetImages: config?.subsetImages ?? 0,
      regionSizePx: config?.regionSizePx ?? 0,
      regionSpacingPx: config?.regionSpacingPx ?? 0,
      passes: config?.passes ?? 0,
      sigma: config?.sigma ?? 0,
      oracleNoise: config?.oracleNoise ?? 0,
      encoder: training?.network?.encoder ?? '',
      batchSize: training?.batchSize ?? 0,
      steps: training?.steps ?? 0,
      epochs: training?.epochs ?? 0,
      extends: strategy?.extension ?? false,
      annotation: annotationView(config),
    },
    cycleList: cycles,
    excludedImages: campaign.excludedImages.map(({ imageId, cause, itemId }) => ({ imageId, cause, itemId })),
  };
}

export function classesOf({ classMap }: Dataset): TaskClass[] {
  return (classMap?.classes ?? []).map(({ name, color }, id) => ({ id, name, color }));
}

/** What a list shows of the cycles. */
export function learntFrom(cycles: readonly Cycle[]): Pick<CampaignFacts, 'mious' | 'labelledFraction'> {
  return {
    mious: cycles.flatMap(({ evaluation }) => (evaluation ? [evaluation.miou] : [])),
    labelledFraction: cycles.at(-1)?.labelled?.fraction ?? 0,
  };
}

function actionsIn(state: CampaignState): CampaignSummary['actions'] {
  return {
    pause: state === 'running',
    resume: state === 'paused' || state === 'failed',
    cancel: state === 'running' || state === 'paused',
  };
}

function secondsOf(left: OperationProgress['timeLeft']): number | null {
  return left ? fromDuration(left) / 1_000 : null;
}

function annotationView(config: CampaignConfig | undefined): AnnotationSettings | null {
  if (config?.annotator !== Annotator.ANNOTATOR_PEOPLE || !config.annotation) return null;
  const { review, secondOpinionShare, goldShare, leaseSeconds } = config.annotation;
  return { review, secondOpinionShare, goldShare, leaseSeconds };
}
