// The protocol's enums as words, and back.
import {
  CampaignState as ProtoState,
  CampaignStep as ProtoStep,
  WorkItemState as ProtoWorkState,
} from '../../../proto/gen/cpral/v1/resources.ts';
import type { CampaignState, CampaignStep, WorkState } from '../dashboard-types.ts';

const STATES: Readonly<Record<number, CampaignState>> = {
  [ProtoState.CAMPAIGN_STATE_RUNNING]: 'running',
  [ProtoState.CAMPAIGN_STATE_PAUSED]: 'paused',
  [ProtoState.CAMPAIGN_STATE_SUCCEEDED]: 'succeeded',
  [ProtoState.CAMPAIGN_STATE_FAILED]: 'failed',
  [ProtoState.CAMPAIGN_STATE_CANCELLED]: 'cancelled',
};

const STEPS: Readonly<Record<number, CampaignStep>> = {
  [ProtoStep.CAMPAIGN_STEP_INITIAL_LABELS]: 'initial-labels',
  [ProtoStep.CAMPAIGN_STEP_TRAIN]: 'train',
  [ProtoStep.CAMPAIGN_STEP_RATE]: 'rate',
  [ProtoStep.CAMPAIGN_STEP_SELECT_CENTRES]: 'select-centres',
  [ProtoStep.CAMPAIGN_STEP_TRAIN_SAMPLER]: 'train-sampler',
  [ProtoStep.CAMPAIGN_STEP_FIND_REGIONS]: 'find-regions',
  [ProtoStep.CAMPAIGN_STEP_ANNOTATE]: 'annotate',
  [ProtoStep.CAMPAIGN_STEP_EXTEND]: 'extend',
  [ProtoStep.CAMPAIGN_STEP_DONE]: 'done',
};

const WORK_STATES: Readonly<Record<WorkState, ProtoWorkState>> = {
  open: ProtoWorkState.WORK_ITEM_STATE_OPEN,
  leased: ProtoWorkState.WORK_ITEM_STATE_LEASED,
  done: ProtoWorkState.WORK_ITEM_STATE_DONE,
  parked: ProtoWorkState.WORK_ITEM_STATE_PARKED,
  cancelled: ProtoWorkState.WORK_ITEM_STATE_CANCELLED,
  split: ProtoWorkState.WORK_ITEM_STATE_SPLIT,
};

export const stateWord = (state: ProtoState): CampaignState => word(STATES[state], state);
export const stepWord = (step: ProtoStep): CampaignStep => word(STEPS[step], step);
export const workStateOf = (state: WorkState): ProtoWorkState => WORK_STATES[state];

export function workStateWord(state: ProtoWorkState): WorkState {
  const found = (Object.keys(WORK_STATES) as WorkState[]).find((name) => WORK_STATES[name] === state);
  return word(found, state);
}

/** A registry that is newer than this service has values that it does not know. */
function word<Word>(found: Word | undefined, value: number): Word {
  if (found === undefined)
    throw new Error(`the registry's value ${value} is not known to this version of the label tool`);
  return found;
}
