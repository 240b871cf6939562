// Finds the candidate regions of a shard of images. The best over all shards are the caller's to pick.
import type { ScoringImage, ScoringModel } from '../../proto/gen/cpral/v1/panoptic_scorer.ts';
import type { FindRegionsResult, FindRegionsSpec } from '../../proto/gen/cpral/v1/region_selector.ts';
import { type ObjectRef, RegionalScore } from '../../proto/gen/cpral/v1/resources.ts';
import { about } from '../shared/about.ts';
import { checkRegionSize } from '../shared/budget.ts';
import { checkClassCount, checkSize } from '../shared/check-spec.ts';
import type { ComputeContext } from '../shared/compute/compute.ts';
import { CpralError, invalid } from '../shared/errors.ts';
import { decodeImage, decodeMask, encodeRgb, type Size } from '../shared/images/images.ts';
import { isAnnotation } from '../shared/labels/origins.ts';
import { readBlob } from '../shared/objects/blob.ts';
import type { ObjectStore } from '../shared/objects/object-store.ts';
import { seededRandom, seedPair } from '../shared/random.ts';
import { type CandidateWindow, findCandidates, maskLabelled } from './candidates.ts';
import { heatMap } from './heat-map.ts';
import { randomRegions } from './random-regions.ts';

/** One pass has nothing to disagree with. */
const PASSES_MIN = 2;
/** Far more than any map needs; a table of entropy terms is as long. */
const PASSES_MAX = 65_535;

interface Finding {
  readonly windows: readonly CandidateWindow[];
  readonly preview?: ObjectRef;
}

/** @param labelled H*W, 1 where a pixel is labelled already */
type Search = (image: ScoringImage, labelled: Uint8Array) => Promise<Finding>;

/** Each image's randomness is drawn from (seed, image id): the same image gives the same regions, whatever its shard. */
export default async function findRegions(spec: FindRegionsSpec, context: ComputeContext): Promise<FindRegionsResult> {
  const size = checkSize(spec.model?.size);
  checkRegionSize(spec.regionSizePx, size);
  checkWhole('max_candidates', spec.maxCandidates, 1, size.height * size.width);
  const { search, finish } =
    spec.score === RegionalScore.REGIONAL_SCORE_RANDOM
      ? { search: randomSearch(spec, size), finish: () => {} }
      : await openEntropySearch(spec, size, context);

  const result: FindRegionsResult = { candidates: [], previews: [] };
  for (const [index, image] of spec.images.entries()) {
    const { imageId } = image;
    const { windows, preview } = await search(image, await readLabelled(context.objects, image, size));
    for (const window of windows) result.candidates.push({ imageId, ...window });
    if (preview) result.previews.push({ imageId, entropy: preview });
    const message = `found ${windows.length} regions in ${imageId}`;
    context.progress({ unitsDone: index + 1, unitsTotal: spec.images.length, message });
  }
  finish();
  return result;
}

function randomSearch({ seed, regionSizePx, maxCandidates }: FindRegionsSpec, size: Size): Search {
  return async ({ imageId }, labelled) => {
    const random = seededRandom('random-regions', seed, imageId);
    const windows = randomRegions(labelled, size, { regionSizePx, maxCandidates, random });
    return { windows: windows.map((window) => ({ ...window, unlabelledPixels: regionSizePx ** 2 })) };
  };
}

async function openEntropySearch(
  spec: FindRegionsSpec,
  size: Size,
  context: ComputeContext,
): Promise<{ search: Search; finish: () => void }> {
  const { passes, sigma, seed, regionSizePx, maxCandidates } = spec;
  const filter = filterOf(spec.score);
  const model = spec.model as ScoringModel;
  const classCount = checkClassCount(model.classCount);
  checkWhole('passes', passes, PASSES_MIN, PASSES_MAX);
  if (filter === 'gaussian' && !(sigma > 0 && Number.isFinite(sigma))) {
    throw invalid(`sigma: expected a number above 0, got ${sigma}`, { field: 'sigma' });
  }
  // Loads TensorFlow, which random regions do without.
  const { openVoteEntropy } = await import('./vote-entropy.ts');
  const voteEntropy = await openVoteEntropy(context, model, passes);
  const fullBits = Math.log2(Math.min(passes, classCount));

  let anyEntropy = false;
  const search: Search = async (image, labelled) => {
    const name = `image ${image.imageId}`;
    const rgb = await about(name, decodeImage(await readBlob(context.objects, image.image, name), size));
    const entropy = voteEntropy(rgb.data, seedPair('vote-entropy', seed, image.imageId)); // H*W
    anyEntropy ||= entropy.some((bits) => bits > 0);
    const unlabelledEntropy = maskLabelled(entropy, labelled);
    const windows = findCandidates(unlabelledEntropy, labelled, size, { filter, regionSizePx, sigma, maxCandidates });
    const picture = heatMap(unlabelledEntropy, size, fullBits);
    return { windows, preview: await context.objects.put(await encodeRgb(picture)) };
  };
  const finish = () => {
    if (anyEntropy || spec.images.length === 0) return;
    throw new CpralError(
      'FAILED_PRECONDITION',
      `vote entropy of ${spec.images.length} images: expected ${passes} stochastic passes to disagree somewhere, ` +
        `got zero everywhere (is there dropout in the network? its rate is ${model.network?.dropout ?? 0})`,
      { reason: 'ENTROPY_ALL_ZERO' },
    );
  };
  return { search, finish };
}

function filterOf(score: RegionalScore): 'gaussian' | 'window-sum' {
  if (score === RegionalScore.REGIONAL_SCORE_GAUSSIAN) return 'gaussian';
  if (score === RegionalScore.REGIONAL_SCORE_WINDOW_SUM) return 'window-sum';
  throw invalid(`score: expected gaussian, window sum or random, got ${score}`, { field: 'score' });
}

/** @returns H*W, 1 where somebody looked; extended pixels are still to be asked for */
async function readLabelled(objects: ObjectStore, { imageId, origins }: ScoringImage, size: Size): Promise<Uint8Array> {
  if (origins === undefined) return new Uint8Array(size.height * size.width);
  const name = `origins of ${imageId}`;
  const { data } = await about(name, decodeMask(await readBlob(objects, origins, name), size));
  return data.map((origin) => (isAnnotation(origin) ? 1 : 0));
}

function checkWhole(field: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw invalid(`${field}: expected a whole number from ${min} to ${max}, got ${value}`, { field });
}
