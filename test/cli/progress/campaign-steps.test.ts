import { describe, expect, it } from 'vitest';
import { Campaign, CampaignState, CampaignStep } from '../../../proto/gen/cpral/v1/resources.ts';
import { stepEvents } from '../../../services/cli/progress/campaign-steps.ts';

const { CAMPAIGN_STATE_RUNNING: RUNNING, CAMPAIGN_STATE_PAUSED: PAUSED } = CampaignState;
const { CAMPAIGN_STATE_SUCCEEDED: SUCCEEDED, CAMPAIGN_STATE_FAILED: FAILED } = CampaignState;
const { CAMPAIGN_STEP_TRAIN: TRAIN, CAMPAIGN_STEP_RATE: RATE, CAMPAIGN_STEP_DONE: DONE } = CampaignStep;

const campaign = (step: CampaignStep, cycle: number, state: CampaignState = RUNNING, error = '') =>
  Campaign.fromPartial({ campaignId: 'c', config: { strategy: 'cpral', cycles: 4 }, step, cycle, state, error });

const kinds = (previous: Campaign | undefined, next: Campaign) => stepEvents(previous, next).map(({ kind }) => kind);

describe('what changed in a campaign', () => {
  it('a first look starts the step that it finds', () => {
    expect(stepEvents(undefined, campaign(TRAIN, 1))).toEqual([
      { kind: 'started', step: TRAIN, cycle: 1, title: 'cpral 2/4 train' },
    ]);
  });

  it('the next step ends the one before it', () => {
    expect(kinds(campaign(TRAIN, 1), campaign(RATE, 1))).toEqual(['finished', 'started']);
    expect(kinds(campaign(TRAIN, 0), campaign(TRAIN, 1))).toEqual(['finished', 'started']);
  });

  it('the same step again changes nothing', () => {
    expect(kinds(campaign(TRAIN, 1), campaign(TRAIN, 1))).toEqual([]);
  });

  it('units are told where the work counts any, else shards', () => {
    const progress = { itemsDone: 1, itemsTotal: 3, unitsDone: 7, unitsTotal: 20, message: '' };
    const moved = (changes: object) =>
      stepEvents(campaign(TRAIN, 1), {
        ...campaign(TRAIN, 1),
        progress: { ...progress, ...changes, startTime: undefined },
      });
    expect(moved({})).toEqual([{ kind: 'moved', amount: { done: 7, total: 20, unit: 'steps' } }]);
    expect(moved({ unitsTotal: 0 })).toEqual([{ kind: 'moved', amount: { done: 1, total: 3, unit: 'shards' } }]);
  });

  it('success ends the last step, once', () => {
    expect(kinds(campaign(TRAIN, 3), campaign(DONE, 3, SUCCEEDED))).toEqual(['finished']);
    expect(kinds(campaign(DONE, 3, SUCCEEDED), campaign(DONE, 3, SUCCEEDED))).toEqual([]);
    expect(kinds(undefined, campaign(DONE, 3, SUCCEEDED))).toEqual([]);
  });

  it('a failure tells its cause and ends no step', () => {
    expect(stepEvents(campaign(TRAIN, 3), campaign(TRAIN, 3, FAILED, 'no memory'))).toEqual([
      { kind: 'halted', message: 'c failed: no memory' },
    ]);
  });

  it('a pause says how to go on, and going on starts the step again', () => {
    expect(stepEvents(campaign(TRAIN, 3), campaign(TRAIN, 3, PAUSED))).toEqual([
      { kind: 'halted', message: 'c is paused; it goes on with: cpral campaign resume c' },
    ]);
    expect(kinds(campaign(TRAIN, 3, PAUSED), campaign(TRAIN, 3))).toEqual(['started']);
  });
});
