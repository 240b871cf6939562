import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { RateSpec } from '../../proto/gen/cpral/v1/panoptic_scorer.ts';
import { WorkSpec } from '../../proto/gen/cpral/v1/work.ts';
import { workDigest } from '../../services/pool-registry/campaign/work-digest.ts';

const rating = (seed: number): WorkSpec => ({ spec: { $case: 'rate', value: RateSpec.fromPartial({ seed }) } });

it('equal work has equal digests, and other work another one', () => {
  expect(workDigest(rating(1))).toBe(workDigest(rating(1)));
  expect(workDigest(rating(2))).not.toBe(workDigest(rating(1)));
});

it('a digest is of the format of results, too: the specification alone would find results of earlier versions', () => {
  const ofSpecAlone = createHash('sha256')
    .update(WorkSpec.encode(rating(1)).finish())
    .digest('hex');
  expect(workDigest(rating(1))).not.toBe(ofSpecAlone);
});
