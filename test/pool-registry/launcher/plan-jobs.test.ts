import { describe, expect, it } from 'vitest';
import { jobName } from '../../../services/pool-registry/launcher/job-template.ts';
import {
  planJobs,
  type TrainingJob,
  type WaitingTraining,
} from '../../../services/pool-registry/launcher/plan-jobs.ts';

const training = (itemId: string, others: Partial<WaitingTraining> = {}): WaitingTraining => ({
  itemId,
  failures: 0,
  specDigest: `digest of ${itemId}`,
  state: 'open',
  isWanted: true,
  isDue: true,
  ...others,
});

const job = (itemId: string, others: Partial<TrainingJob> = {}): TrainingJob => ({
  name: jobName('cpral', { itemId, failures: 0 }),
  itemId,
  end: undefined,
  isGoing: false,
  hasPods: true,
  ...others,
});

function plan(trainings: WaitingTraining[], jobs: TrainingJob[] = [], maxJobs = 10) {
  const { create, remove } = planJobs({ launcher: 'cpral', trainings, jobs, maxJobs });
  return { create: create.map(({ itemId }) => itemId), remove };
}

const NOTHING = { create: [], remove: [] };

describe('Jobs are made', () => {
  it('for trainings that have none, in their order, up to the limit', () => {
    expect(plan([training('a'), training('b'), training('c')], [job('x', { hasPods: false })], 3).create).toEqual([
      'a',
      'b',
    ]);
  });

  it('not for one that has a Job, whatever it waits for', () => {
    expect(plan([training('a')], [job('a', { hasPods: false })])).toEqual(NOTHING);
  });

  it('not before a failure has been waited for', () => {
    expect(plan([training('a', { isDue: false })])).toEqual(NOTHING);
  });

  it('not for a campaign that is paused', () => {
    expect(plan([training('a', { isWanted: false })])).toEqual(NOTHING);
  });

  it('once for equal trainings, and not while one of them is under way', () => {
    const [a, b] = [training('a', { specDigest: 'same' }), training('b', { specDigest: 'same' })];
    expect(plan([a, b]).create).toEqual(['a']);
    expect(plan([a, b], [job('b')]).create).toEqual([]);
    expect(plan([a, { ...b, state: 'leased', isDue: false }]).create).toEqual([]);
  });

  it('anew after a failure, beside the Job of the first try', () => {
    expect(plan([training('a', { failures: 1 })], [job('a', { end: 'complete' })]).create).toEqual(['a']);
  });

  it('anew where the first ended without a result, once that one is gone', () => {
    const former = job('a', { end: 'complete' });
    expect(plan([training('a')], [former])).toEqual({ create: [], remove: [former.name] });
    expect(plan([training('a')], [{ ...former, isGoing: true }])).toEqual(NOTHING);
    expect(plan([training('a')]).create).toEqual(['a']);
  });

  it('not while one that failed is there to be looked at', () => {
    expect(plan([training('a')], [job('a', { end: 'failed' })])).toEqual(NOTHING);
  });

  it('not beyond the limit by those that are being deleted', () => {
    expect(plan([training('a')], [job('gone', { isGoing: true })], 1)).toEqual(NOTHING);
  });
});

describe('Jobs are deleted', () => {
  it.each([
    ['is not known', []],
    ['was given up', [training('a', { state: 'given-up', isWanted: false, isDue: false })]],
    [
      'belongs to a campaign that was cancelled under way',
      [training('a', { state: 'leased', isWanted: false, isDue: false })],
    ],
  ])('where their training %s', (_, trainings) => {
    expect(plan(trainings, [job('a')]).remove).toEqual([job('a').name]);
  });

  it('where an equal training was done before they came to it', () => {
    const done = training('a', { state: 'done', isWanted: false, isDue: false });
    expect(plan([done], [job('a', { hasPods: false })]).remove).toEqual([job('a').name]);
  });

  it('not while their pod, which has just reported, ends by itself', () => {
    expect(plan([training('a', { state: 'done', isWanted: false, isDue: false })], [job('a')])).toEqual(NOTHING);
  });

  it('once', () => {
    expect(plan([], [job('a', { isGoing: true })])).toEqual(NOTHING);
  });

  it('not when they have ended: time takes them', () => {
    expect(
      plan([], [job('a', { end: 'complete', hasPods: false }), job('b', { end: 'failed', hasPods: false })]),
    ).toEqual(NOTHING);
  });
});
