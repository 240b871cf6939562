import { expect, it } from 'vitest';
import { grownTraining } from '../../services/shared/step-growth.ts';
import { presetConfig } from '../support/campaign-config.ts';

const training = { ...presetConfig({}).training!, steps: 100 };
const steps = (stepGrowth: number, labelledPixels: number) =>
  grownTraining({ ...training, stepGrowth }, { labelledPixels, initialPixels: 50 }).steps;

it('steps stay, grow as the labels do, or in between', () => {
  expect([steps(0, 200), steps(1, 200), steps(0.5, 200)]).toEqual([100, 400, 200]);
});

it('steps never shrink, and the first cycle’s are those that were asked for', () => {
  expect([steps(1, 50), steps(1, 40)]).toEqual([100, 100]);
});

it('equal trainings are written alike, whatever growth led to them', () => {
  const growing = grownTraining({ ...training, stepGrowth: 0.5 }, { labelledPixels: 50, initialPixels: 50 });
  expect(growing).toEqual(training);
});
