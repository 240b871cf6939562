// Self-training: pixels that nobody looked at take the class that the model gives them where it is sure, the usual pseudo-labels
// (Lee 2013). Beyond the paper, and the control of every extension: what it gains it gains with random regions, too.
import { NO_CLASS } from '../shared/labels/origins.ts';
import { paintExtension } from '../shared/labels/paint.ts';
import type { PixelLabel } from '../shared/labels/pixel-label.ts';
import type { Prediction } from '../shared/model/scoring-session.ts';
import { extensiblePixels } from './guard.ts';

export interface SelfTrainingOptions {
  /** Least softmax probability. */
  readonly minConfidence: number;
  /** 0: any distance from an annotated pixel. */
  readonly maxDistancePx: number;
}

/** @param prediction as large as the label @returns a new label; annotated pixels stay, a former extension is replaced */
export function pseudoLabel(
  { classes, probability }: Prediction,
  label: PixelLabel,
  { minConfidence, maxDistancePx }: SelfTrainingOptions,
): PixelLabel {
  const extensible = extensiblePixels(label, maxDistancePx); // H*W
  const sure = classes.map((id, pixel) =>
    extensible[pixel] === 1 && probability[pixel]! >= minConfidence ? id : NO_CLASS,
  );
  return paintExtension(label, sure);
}
