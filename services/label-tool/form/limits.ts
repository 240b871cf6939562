// Bounds of the form's numbers: for its fields, and for what arrives. The registry checks again, each together with the others.
import type { CampaignNumbers, NumberLimits } from '../dashboard-types.ts';

const MAX_IMAGES = 10_000_000;
const MAX_SIDE_PX = 4_096;
const MAX_STEPS = 10_000_000;
const MAX_SEED = 2 ** 32 - 1;

const whole = (min: number, max: number): NumberLimits => ({ min, max, integer: true });
const real = (min: number, max: number): NumberLimits => ({ min, max, integer: false });

type NumberName = Exclude<keyof CampaignNumbers, 'encoder' | 'pretrained'> | 'oracleNoise';

export const LIMITS: Readonly<Record<NumberName, NumberLimits>> = {
  cycles: whole(1, 1_000),
  initialImages: whole(1, MAX_IMAGES),
  budgetImages: real(0, MAX_IMAGES),
  subsetImages: whole(0, MAX_IMAGES),
  regionSizePx: whole(0, MAX_SIDE_PX),
  regionSpacingPx: whole(0, MAX_SIDE_PX),
  height: whole(1, MAX_SIDE_PX),
  width: whole(1, MAX_SIDE_PX),
  passes: whole(1, 1_000),
  sigma: real(0, 1_000),
  seed: whole(0, MAX_SEED),
  steps: whole(0, MAX_STEPS),
  epochs: whole(0, MAX_STEPS),
  batchSize: whole(2, 256),
  oracleNoise: real(0, 1),
};
