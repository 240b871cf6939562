// How much of a selection the model that made it had wrong, counted against ground truth: unlike the mIoU of the next model, it
// carries no training noise. Nothing that selects reads it.
import type { MeasurePicksResult, MeasurePicksSpec, PickedImage } from '../../proto/gen/cpral/v1/panoptic_scorer.ts';
import { about } from '../shared/about.ts';
import { checkClassCount, checkSize } from '../shared/check-spec.ts';
import type { ComputeContext } from '../shared/compute/compute.ts';
import { decodeImage, type Size } from '../shared/images/images.ts';
import { readGroundTruth } from '../shared/labels/ground-truth.ts';
import { readAnnotated } from '../shared/labels/read-annotated.ts';
import { checkWindow } from '../shared/labels/windows.ts';
import { openScoringModel } from '../shared/model/open-scoring-model.ts';
import { readBlob } from '../shared/objects/blob.ts';
import { countWrong } from './count-wrong.ts';

export default async function measurePicks(
  { model, images }: MeasurePicksSpec,
  { objects, progress }: ComputeContext,
): Promise<MeasurePicksResult> {
  const size = checkSize(model?.size);
  const classCount = checkClassCount(model?.classCount ?? 0);
  const session = await openScoringModel(objects, model);
  let [compared, wrong] = [0, 0];
  for (const [index, picked] of images.entries()) {
    const name = `image ${picked.imageId}`;
    const rgb = await about(name, decodeImage(await readBlob(objects, picked.image, name), size));
    const truth = await readGroundTruth(objects, picked, { size, classCount });
    const before = await readAnnotated(objects, picked, size);
    const counts = countWrong({ truth, predicted: session.classes(rgb.data), before }, windowsOf(picked, size), size);
    compared += counts.compared;
    wrong += counts.wrong;
    progress({ unitsDone: index + 1, unitsTotal: images.length, message: `measured ${picked.imageId}` });
  }
  return { comparedPixels: BigInt(compared), wrongPixels: BigInt(wrong) };
}

function windowsOf({ imageId, windows }: PickedImage, size: Size) {
  return windows.map((window) => checkWindow(window, size, imageId));
}
