// Operation -> gradient. What is missing here (labels, masks, random numbers, StopGradient) lets nothing flow back.
import { convolutionGradients } from './convolution.ts';
import { crossEntropyGradients } from './cross-entropy.ts';
import { elementwiseGradients } from './elementwise.ts';
import type { GradientTable } from './gradient.ts';
import { matmulGradients } from './matmul.ts';
import { normalisationGradients } from './normalisation.ts';
import { reductionGradients } from './reduction.ts';
import { resizeGradients } from './resize.ts';
import { shapeGradients } from './shape.ts';

export const gradientTable: GradientTable = {
  ...convolutionGradients,
  ...crossEntropyGradients,
  ...elementwiseGradients,
  ...matmulGradients,
  ...normalisationGradients,
  ...reductionGradients,
  ...resizeGradients,
  ...shapeGradients,
};
