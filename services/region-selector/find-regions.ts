// Finds the candidate regions of a shard of images. The best over all shards are the caller's to pick.
import type { ScoringImage, ScoringModel } from '../../proto/gen/cpral/v1/panoptic_scorer.ts';
import type { FindRegionsResult, FindRegionsSpec } from '../../proto/gen/cpral/v1/region_selector.ts';
import { type ImagePreview, RegionalScore } from '../../proto/gen/cpral/v1/resources.ts';
import { about } from '../shared/about.ts';
import { checkRegionSize } from '../shared/budget.ts';
import { checkClassCount, checkPasses, checkSize, checkWhole } from '../shared/check-spec.ts';
import type { ComputeContext } from '../shared/compute/compute.ts';
import { invalid } from '../shared/errors.ts';
import { decodeImage, encodeMask, encodeRgb, MAX_IMAGE_SIDE_PX, type Size } from '../shared/images/images.ts';
import { readAnnotated } from '../shared/labels/read-annotated.ts';
import { checkDropout } from '../shared/model/check-dropout.ts';
import { readBlob } from '../shared/objects/blob.ts';
import type { ObjectStore } from '../shared/objects/object-store.ts';
import { seededRandom, seedPair } from '../shared/random.ts';
import { type CandidateWindow, findCandidates, maskLabelled } from './candidates.ts';
import { gaussianKernel } from './gaussian-kernel.ts';
import { heatMap } from './heat-map.ts';
import { randomRegions } from './random-regions.ts';
import { windowSum } from './window-sum.ts';

interface Finding {
  readonly windows: readonly CandidateWindow[];
  readonly preview?: Omit<ImagePreview, 'imageId'>;
  /** Whether stochastic passes disagree over a pixel of it. */
  readonly isDisputed: boolean;
}

interface Search {
  /** @param labelled H*W, 1 where a pixel is labelled already */
  find(image: ScoringImage, labelled: Uint8Array): Promise<Finding>;
  [Symbol.dispose](): void;
}

/** Each image's randomness is drawn from (seed, image id): the same image gives the same regions, whatever its shard. */
export default async function findRegions(spec: FindRegionsSpec, context: ComputeContext): Promise<FindRegionsResult> {
  const size = checkSize(spec.model?.size);
  checkRegionSize(spec.regionSizePx, size);
  checkWhole('max_candidates', spec.maxCandidates, 1, size.height * size.width);
  checkWhole('spacing_px', spec.spacingPx, 0, MAX_IMAGE_SIDE_PX);
  const random = spec.score === RegionalScore.REGIONAL_SCORE_RANDOM;
  const search = random ? randomSearch(spec, size) : await openEntropySearch(spec, size, context);
  const result: FindRegionsResult = { candidates: [], previews: [], disputedImages: 0 };
  try {
    for (const [index, image] of spec.images.entries()) {
      const { imageId } = image;
      const { windows, preview, isDisputed } = await search.find(
        image,
        await readAnnotated(context.objects, image, size),
      );
      for (const window of windows) result.candidates.push({ imageId, ...window });
      if (preview) result.previews.push({ imageId, ...preview });
      if (isDisputed) result.disputedImages++;
      const message = `found ${windows.length} regions in ${imageId}`;
      context.progress({ unitsDone: index + 1, unitsTotal: spec.images.length, message });
    }
  } finally {
    search[Symbol.dispose]();
  }
  return result;
}

function randomSearch({ seed, regionSizePx, spacingPx, maxCandidates }: FindRegionsSpec, size: Size): Search {
  return {
    async find({ imageId }, labelled) {
      const random = seededRandom('random-regions', seed, imageId);
      const windows = randomRegions(labelled, size, { regionSizePx, spacingPx, maxCandidates, random });
      return {
        windows: windows.map((window) => ({ ...window, unlabelledPixels: regionSizePx ** 2 })),
        isDisputed: false,
      };
    },
    [Symbol.dispose]() {},
  };
}

async function openEntropySearch(spec: FindRegionsSpec, size: Size, context: ComputeContext): Promise<Search> {
  const { passes, seed, regionSizePx, spacingPx, maxCandidates, classWeights } = spec;
  const openFilter = filterOf(spec, size);
  const model = spec.model as ScoringModel;
  const classCount = checkClassCount(model.classCount);
  checkPasses(passes);
  checkDropout(model);
  checkClassWeights(classWeights, classCount);
  // Loads TensorFlow, which random regions do without.
  const { openVoteEntropy } = await import('./vote-entropy.ts');
  const voteEntropy = await openVoteEntropy(context, model, passes);
  const { filter, [Symbol.dispose]: dispose } = await openFilter();
  const fullBits = Math.log2(Math.min(passes, classCount));

  return {
    async find(image, labelled) {
      const name = `image ${image.imageId}`;
      const rgb = await about(name, decodeImage(await readBlob(context.objects, image.image, name), size));
      const { entropy, classes } = voteEntropy(rgb.data, seedPair('vote-entropy', seed, image.imageId)); // H*W
      const unlabelledEntropy = maskLabelled(entropy, labelled);
      const limits = { regionSizePx, spacingPx, maxCandidates };
      const ranked =
        classWeights.length > 0 ? weighByClass(unlabelledEntropy, classes(), classWeights) : unlabelledEntropy;
      const windows = findCandidates(ranked, labelled, size, { filter, ...limits });
      const picture = heatMap(unlabelledEntropy, size, fullBits);
      const heat = await context.objects.put(await encodeRgb(picture));
      const kept = spec.keepPredictions
        ? await keep(
            context.objects,
            size,
            classes(),
            entropy.map((bits) => bits / fullBits),
          )
        : NONE;
      return { windows, preview: { entropy: heat, ...kept }, isDisputed: entropy.some((bits) => bits > 0) };
    },
    [Symbol.dispose]: dispose,
  };
}

const NONE = { prediction: undefined, certainty: undefined };

/** @param doubt 0 where all passes agree, 1 where they could not agree less */
async function keep(objects: ObjectStore, size: Size, classes: Uint8Array, doubt: Float32Array) {
  const certainty = Uint8Array.from(doubt, (share) => Math.round(255 * (1 - Math.min(1, share))));
  return {
    prediction: await objects.put(await encodeMask({ ...size, data: classes })),
    certainty: await objects.put(await encodeMask({ ...size, data: certainty })),
  };
}

/** @returns E * w of the pixel's class */
function weighByClass(entropy: Float32Array, classes: Uint8Array, weights: readonly number[]): Float32Array {
  return entropy.map((bits, pixel) => bits * weights[classes[pixel]!]!);
}

function checkClassWeights(weights: readonly number[], classCount: number): void {
  const field = 'class_weights';
  if (weights.length !== 0 && weights.length !== classCount) {
    throw invalid(`${field}: expected none or one for each of ${classCount} classes, got ${weights.length}`, { field });
  }
  const wrong = weights.find((weight) => !(weight >= 0 && Number.isFinite(weight)));
  if (wrong !== undefined) throw invalid(`${field}: expected numbers from 0, got ${wrong}`, { field });
}

interface Filter {
  filter(entropy: Float32Array): Float32Array | Float64Array;
  [Symbol.dispose](): void;
}

/** Checks at once, opens when asked. */
function filterOf({ score, sigma, regionSizePx }: FindRegionsSpec, size: Size): () => Promise<Filter> {
  if (score === RegionalScore.REGIONAL_SCORE_WINDOW_SUM) {
    return async () => ({ filter: (entropy) => windowSum(entropy, size, regionSizePx), [Symbol.dispose]() {} });
  }
  if (score !== RegionalScore.REGIONAL_SCORE_GAUSSIAN) {
    throw invalid(`score: expected gaussian, window sum or random, got ${score}`, { field: 'score' });
  }
  if (!(sigma > 0 && Number.isFinite(sigma))) {
    throw invalid(`sigma: expected a number above 0, got ${sigma}`, { field: 'sigma' });
  }
  return async () => {
    const { openGaussianFilter } = await import('./gaussian-filter.ts');
    return openGaussianFilter(size, gaussianKernel({ regionSizePx, sigma }));
  };
}
