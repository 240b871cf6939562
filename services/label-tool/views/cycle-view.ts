// A cycle as the dashboard has it. Pure.
import type { AcquisitionQuality, Cycle, Evaluation } from '../../../proto/gen/cpral/v1/resources.ts';
import type { CycleView, EvaluationView, PeopleCost, PickQuality } from '../dashboard-types.ts';

/** Of a class that occurs neither in truth nor in prediction. */
const ABSENT_IOU = -1;

export function cycleView(cycle: Cycle, cost: PeopleCost | null): CycleView {
  const { labelled, evaluation, seconds, quality, modelId } = cycle;
  return {
    cycle: cycle.cycle,
    labelled: {
      images: Number(labelled?.images ?? 0),
      regions: Number(labelled?.regions ?? 0),
      pixels: Number(labelled?.pixels ?? 0),
      voidPixels: Number(labelled?.voidPixels ?? 0),
      fraction: labelled?.fraction ?? 0,
      extendedPixels: Number(labelled?.extendedPixels ?? 0),
    },
    modelId: modelId || null,
    evaluation: evaluation ? evaluationView(evaluation) : null,
    loss: evaluation ? cycle.loss : null,
    subsetImages: cycle.subsetImages,
    seconds: {
      train: seconds?.train ?? 0,
      rate: seconds?.rate ?? 0,
      select: seconds?.select ?? 0,
      annotate: seconds?.annotate ?? 0,
      extend: seconds?.extend ?? 0,
      measure: seconds?.measure ?? 0,
    },
    picks: quality ? pickQuality(quality) : null,
    cost,
  };
}

function evaluationView({ miou, iou, pixelAccuracy, confusion, predictedPixels }: Evaluation): EvaluationView {
  return {
    miou,
    iou: iou.map((value) => (value === ABSENT_IOU ? null : value)),
    pixelAccuracy,
    confusion: confusion.map(Number),
    predictedPixels: predictedPixels.map(Number),
  };
}

function pickQuality({ pickedPixels, classPixels, voidPixels, wrongPixels }: AcquisitionQuality): PickQuality {
  return {
    pickedPixels: Number(pickedPixels),
    classPixels: classPixels.map(Number),
    voidPixels: Number(voidPixels),
    wrongPixels: wrongPixels === undefined ? null : Number(wrongPixels),
  };
}
