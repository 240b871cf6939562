import { describe, expect, it } from 'vitest';
import { pseudoLabel } from '../../services/label-extender/self-training.ts';
import { NO_CLASS, ORIGIN_EXTENDED, ORIGIN_NOBODY, ORIGIN_ORACLE } from '../../services/shared/labels/origins.ts';

/** One row: an annotated pixel, an annotated void one, a former extension, and nothing. */
const label = {
  height: 1,
  width: 5,
  classes: Uint8Array.of(2, NO_CLASS, 1, NO_CLASS, NO_CLASS),
  origins: Uint8Array.of(ORIGIN_ORACLE, ORIGIN_ORACLE, ORIGIN_EXTENDED, ORIGIN_NOBODY, ORIGIN_NOBODY),
};
const prediction = {
  classes: Uint8Array.of(0, 0, 0, 1, 2),
  probability: Float32Array.of(1, 1, 0.5, 0.9375, 0.9375),
};

describe('self-training', () => {
  it('takes the model’s class where it is sure, and leaves what somebody looked at', () => {
    const { classes, origins } = pseudoLabel(prediction, label, { minConfidence: 0.9375, maxDistancePx: 0 });
    expect([...classes]).toEqual([2, NO_CLASS, NO_CLASS, 1, 2]);
    expect([...origins]).toEqual([ORIGIN_ORACLE, ORIGIN_ORACLE, ORIGIN_NOBODY, ORIGIN_EXTENDED, ORIGIN_EXTENDED]);
  });

  it('stays near an annotated pixel with a class where a distance is given', () => {
    const { classes } = pseudoLabel(prediction, label, { minConfidence: 0, maxDistancePx: 3 });
    expect([...classes]).toEqual([2, NO_CLASS, 0, 1, NO_CLASS]);
  });
});
