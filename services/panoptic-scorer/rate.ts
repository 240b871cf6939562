// Rates images: by the loss that the model predicts for them, or without a model.
import type { RateResult, RateSpec, ScoringImage } from '../../proto/gen/cpral/v1/panoptic_scorer.ts';
import { PanopticScore } from '../../proto/gen/cpral/v1/resources.ts';
import { about } from '../shared/about.ts';
import { checkSize } from '../shared/check-spec.ts';
import type { ComputeContext } from '../shared/compute/compute.ts';
import { invalid } from '../shared/errors.ts';
import { decodeImage } from '../shared/images/images.ts';
import { openScoringModel } from '../shared/model/open-scoring-model.ts';
import { readBlob } from '../shared/objects/blob.ts';
import { seededRandom } from '../shared/random.ts';

type Rate = (image: ScoringImage) => Promise<number> | number;

/** A rating depends on the model and the image alone, not on the other images of its shard. */
export default async function rate(spec: RateSpec, context: ComputeContext): Promise<RateResult> {
  const rateImage = await openRating(spec, context);
  const result: RateResult = { ratings: [] };
  const unitsTotal = spec.images.length;
  for (const image of spec.images) {
    result.ratings.push({ imageId: image.imageId, rating: await rateImage(image) });
    context.progress({ unitsDone: result.ratings.length, unitsTotal, message: `rated ${image.imageId}` });
  }
  return result;
}

async function openRating({ score, model }: RateSpec, { objects }: ComputeContext): Promise<Rate> {
  switch (score) {
    case PanopticScore.PANOPTIC_SCORE_RANDOM:
      return ({ imageId }) => seededRandom('panoptic-rating', imageId)();
    case PanopticScore.PANOPTIC_SCORE_ALL:
      return () => 0;
    case PanopticScore.PANOPTIC_SCORE_LOSS_PREDICTION: {
      const network = await openScoringModel(objects, model);
      const size = checkSize(model?.size);
      return ({ imageId, image }) =>
        about(
          `image ${imageId}`,
          (async () => {
            const { data } = await decodeImage(await readBlob(objects, image, 'image'), size);
            return network.predictedLoss(data);
          })(),
        );
    }
    default:
      throw invalid(`score: expected a panoptic score, got ${score}`, { field: 'score' });
  }
}
