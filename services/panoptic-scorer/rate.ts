// Rates images: by what a model makes of them, or without a model. For core-set it embeds them and for VAAL it shrinks them, and what
// is picked is decided over all shards (select-centres.ts, train-sampler.ts).
import type { RateResult, RateSpec, ScoringImage } from '../../proto/gen/cpral/v1/panoptic_scorer.ts';
import { PanopticScore } from '../../proto/gen/cpral/v1/resources.ts';
import { about } from '../shared/about.ts';
import { checkPasses, checkSize } from '../shared/check-spec.ts';
import type { ComputeContext } from '../shared/compute/compute.ts';
import { invalid } from '../shared/errors.ts';
import { decodeImage } from '../shared/images/images.ts';
import { checkDropout } from '../shared/model/check-dropout.ts';
import { openScoringModel } from '../shared/model/open-scoring-model.ts';
import type { ScoringSession } from '../shared/model/scoring-session.ts';
import { readBlob, refBlob } from '../shared/objects/blob.ts';
import { seededRandom, seedPair } from '../shared/random.ts';
import { encodeEmbeddings } from './embeddings.ts';
import { shrink } from './shrink.ts';

const SHRUNK: readonly PanopticScore[] = [PanopticScore.PANOPTIC_SCORE_VAAL, PanopticScore.PANOPTIC_SCORE_TA_VAAL];

/** A rating depends on the model and the image alone, not on the other images of its shard. */
export default async function rate(spec: RateSpec, context: ComputeContext): Promise<RateResult> {
  if (spec.score === PanopticScore.PANOPTIC_SCORE_CORE_SET) return embed(spec, context);
  if (SHRUNK.includes(spec.score)) return shrink(spec, context);
  const score = await openScore(spec, context);
  const ratings = await eachImage(spec, context, score);
  return {
    ratings: spec.images.map(({ imageId }, i) => ({ imageId, rating: ratings[i]! })),
    embeddings: undefined,
  };
}

async function embed(spec: RateSpec, context: ComputeContext): Promise<RateResult> {
  const rows = await eachImage(spec, context, await withModel(spec, context, (model, rgb) => model.embedding(rgb)));
  const dimensions = rows[0]?.length ?? 0;
  if (dimensions === 0) throw invalid('images: expected images to embed, got none', { field: 'images' });
  const values = new Float32Array(rows.length * dimensions);
  rows.forEach((row, i) => {
    values.set(row, i * dimensions);
  });
  const imageIds = spec.images.map(({ imageId }) => imageId);
  const object = await context.objects.put(encodeEmbeddings({ imageIds, dimensions, values }));
  const { candidates, centres } = spec;
  return { ratings: [], embeddings: { embeddings: refBlob(object), candidates, centres } };
}

type Score<T> = (image: ScoringImage) => Promise<T>;

async function eachImage<T>({ images }: RateSpec, { progress }: ComputeContext, score: Score<T>): Promise<T[]> {
  const scores: T[] = [];
  for (const image of images) {
    scores.push(await about(`image ${image.imageId}`, score(image)));
    progress({ unitsDone: scores.length, unitsTotal: images.length, message: `rated ${image.imageId}` });
  }
  return scores;
}

/** @returns from an image its rating: the higher, the sooner it is selected */
async function openScore(spec: RateSpec, context: ComputeContext): Promise<Score<number>> {
  switch (spec.score) {
    case PanopticScore.PANOPTIC_SCORE_RANDOM:
      return async ({ imageId }) => seededRandom('panoptic-rating', imageId)();
    case PanopticScore.PANOPTIC_SCORE_ALL:
      return async () => 0;
    case PanopticScore.PANOPTIC_SCORE_LOSS_PREDICTION:
      return withModel(spec, context, (model, rgb) => model.predictedLoss(rgb));
    case PanopticScore.PANOPTIC_SCORE_ENTROPY:
      return withModel(spec, context, (model, rgb) => mean(model.uncertainty(rgb).entropy));
    case PanopticScore.PANOPTIC_SCORE_CONFIDENCE:
      return withModel(spec, context, (model, rgb) => mean(model.uncertainty(rgb).confidence));
    case PanopticScore.PANOPTIC_SCORE_MARGIN:
      return withModel(spec, context, (model, rgb) => mean(model.uncertainty(rgb).margin));
    case PanopticScore.PANOPTIC_SCORE_MC_DROPOUT: {
      const passes = checkPasses(spec.passes);
      checkDropout(spec.model);
      return withModel(spec, context, (model, rgb, { imageId }) => {
        const seed = seedPair('vote-entropy', spec.seed, imageId);
        return sum(model.vote(rgb, { passes, seed }).entropy());
      });
    }
    default:
      throw invalid(`score: expected a panoptic score, got ${spec.score}`, { field: 'score' });
  }
}

async function withModel<T>(
  { model }: RateSpec,
  { objects }: ComputeContext,
  score: (model: ScoringSession, rgb: Uint8Array, image: ScoringImage) => T,
): Promise<Score<T>> {
  const session = await openScoringModel(objects, model);
  const size = checkSize(model?.size);
  return async (image) => {
    const { data } = await decodeImage(await readBlob(objects, image.image, 'image'), size);
    return score(session, data, image);
  };
}

/** In double precision, in the order of the pixels. */
function sum(map: Float32Array): number {
  return map.reduce((total, value) => total + value, 0);
}

const mean = (map: Float32Array) => sum(map) / map.length;
