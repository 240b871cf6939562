import { describe, expect, it } from 'vitest';
import { ClassWeighting, LearningRateSchedule } from '../../proto/gen/cpral/v1/resources.ts';
import { classWeights } from '../../services/trainer/class-weights.ts';
import { lossCurve, meanOfLastTenth } from '../../services/trainer/loss-curve.ts';
import { learningRate } from '../../services/trainer/schedule.ts';

describe('the step schedule', () => {
  const at = (step: number) =>
    learningRate(LearningRateSchedule.LEARNING_RATE_SCHEDULE_STEP, { step, steps: 50, peak: 1e-3 });

  it('falls to a tenth at 35 of 50 epochs, as in the paper', () => {
    expect([at(0), at(34)]).toEqual([1e-3, 1e-3]);
    expect(at(35)).toBeCloseTo(1e-4, 12);
    expect(at(49)).toBeCloseTo(1e-4, 12);
  });
});

describe('the one-cycle schedule', () => {
  const at = (step: number) =>
    learningRate(LearningRateSchedule.LEARNING_RATE_SCHEDULE_ONE_CYCLE, { step, steps: 100, peak: 2 });

  it('rises over the first fifth, and falls to nothing along a cosine', () => {
    expect(at(0)).toBeCloseTo(0.1, 12);
    expect(at(10)).toBeCloseTo(1.05, 12);
    expect(at(20)).toBe(2);
    expect(at(60)).toBeCloseTo(1, 12);
    expect(at(99)).toBeGreaterThan(0);
    expect(at(99)).toBeLessThan(0.001);
  });
});

describe('class weights', () => {
  it('are square roots of the median frequency over the frequency, at most 5', () => {
    const weights = classWeights(ClassWeighting.CLASS_WEIGHTING_SQRT_MEDIAN, [400, 100, 25, 1]);
    expect([...weights].map((weight) => Number(weight.toFixed(4)))).toEqual([0.3953, 0.7906, 1.5811, 5]);
  });

  it('take the median over the classes that occur, and give 1 to the others', () => {
    expect([...classWeights(ClassWeighting.CLASS_WEIGHTING_SQRT_MEDIAN, [0, 9, 9, 9])]).toEqual([1, 1, 1, 1]);
  });

  it('are all 1 where there is no weighting', () => {
    expect([...classWeights(ClassWeighting.CLASS_WEIGHTING_NONE, [1, 100])]).toEqual([1, 1]);
  });
});

describe('the loss curve', () => {
  it('has a mean for each hundredth of the steps', () => {
    const curve = lossCurve(Array.from({ length: 1_000 }, (_, step) => step));
    expect(curve).toHaveLength(100);
    expect([curve[0], curve[99]]).toEqual([4.5, 994.5]);
  });

  it('is the losses themselves where the steps are fewer', () => {
    expect(lossCurve([3, 1, 2])).toEqual([3, 1, 2]);
    expect(lossCurve([])).toEqual([]);
  });

  it('ends with a mean over the last tenth', () => {
    expect(meanOfLastTenth(Array.from({ length: 20 }, (_, step) => step))).toBe(18.5);
  });
});
