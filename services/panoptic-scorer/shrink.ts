// VAAL's first half: images on a small scale, as an object, so that its training reads each file once. For TA-VAAL with what the
// ranker, the model's loss-prediction head, makes of each; in the first cycle, without a model, with r ~ U(0, 1).
import type { RateResult, RateSpec, ScoringImage } from '../../proto/gen/cpral/v1/panoptic_scorer.ts';
import { PanopticScore } from '../../proto/gen/cpral/v1/resources.ts';
import { about } from '../shared/about.ts';
import { checkSize } from '../shared/check-spec.ts';
import type { ComputeContext } from '../shared/compute/compute.ts';
import { invalid } from '../shared/errors.ts';
import { decodeImage } from '../shared/images/images.ts';
import { openScoringModel } from '../shared/model/open-scoring-model.ts';
import { readBlob, refBlob } from '../shared/objects/blob.ts';
import { seededRandom } from '../shared/random.ts';
import { bytesOfThumbnail, encodeThumbnails } from './thumbnails.ts';

type Rank = (image: ScoringImage, bytes: Uint8Array) => Promise<number>;

export async function shrink(spec: RateSpec, { objects, progress }: ComputeContext): Promise<RateResult> {
  const { images, candidates, centres } = spec;
  const size = checkSize(spec.thumbnailSize);
  if (images.length === 0) throw invalid('images: expected images to shrink, got none', { field: 'images' });
  const rank = await openRank(spec, objects);
  const bytes = bytesOfThumbnail(size);
  const pixels = new Uint8Array(images.length * bytes);
  const ranks: number[] = [];
  for (const [index, image] of images.entries()) {
    const read = async () => {
      const file = await readBlob(objects, image.image, 'image');
      pixels.set((await decodeImage(file, size)).data, index * bytes);
      if (rank) ranks.push(await rank(image, file));
    };
    await about(`image ${image.imageId}`, read());
    progress({ unitsDone: index + 1, unitsTotal: images.length, message: `shrank ${image.imageId}` });
  }
  const imageIds = images.map(({ imageId }) => imageId);
  const object = await objects.put(encodeThumbnails({ imageIds, size, pixels, ranks }));
  const block = { thumbnails: refBlob(object), candidates, labelled: centres, imageCount: images.length };
  return { ratings: [], embeddings: undefined, thumbnails: block };
}

/** @returns undefined where images have no ranks */
async function openRank(
  { score, model, seed }: RateSpec,
  objects: ComputeContext['objects'],
): Promise<Rank | undefined> {
  if (score !== PanopticScore.PANOPTIC_SCORE_TA_VAAL) return undefined;
  if (!model) return async ({ imageId }) => seededRandom('rank', seed, imageId)();
  const session = await openScoringModel(objects, model);
  const size = checkSize(model.size);
  return async (_, file) => session.predictedLoss((await decodeImage(file, size)).data);
}
