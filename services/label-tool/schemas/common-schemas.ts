// What several of the others are made of.
import { Type } from 'typebox';
import { oneOf } from './kinds.ts';

export const Annotator = oneOf(['simulated', 'people'], {
  description: 'Who answers: a simulation from ground truth, or people on the labelling page.',
});

export const PixelSize = Type.Object({
  height: Type.Number(),
  width: Type.Number(),
});

export const AnnotationSettings = Type.Object({
  review: Type.Boolean({ description: 'Every label waits for a reviewer.' }),
  secondOpinionShare: Type.Number({
    description: 'Share of regions that two people label, and share of regions with known labels beside them.',
  }),
  goldShare: Type.Number(),
  leaseSeconds: Type.Number(),
});
