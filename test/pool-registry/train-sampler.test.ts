// What the registry asks of workers for VAAL and TA-VAAL: scripted workers write down every specification.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RankingLoss } from '../../proto/gen/cpral/v1/resources.ts';
import type { WorkSpec } from '../../proto/gen/cpral/v1/work.ts';
import { strategyNamed } from '../../services/pool-registry/campaign/strategies.ts';
import { trainingOf } from '../../services/pool-registry/campaign/training-of.ts';
import { call } from '../../services/shared/grpc/client.ts';
import { refBlob } from '../../services/shared/objects/blob.ts';
import type { WorkHandler } from '../../services/shared/worker/worker-service.ts';
import { presetConfig } from '../support/campaign-config.ts';
import { startTestRegistry, type TestRegistry } from '../support/registry.ts';
import { importDataset, runCampaign, tinyDataset } from '../support/tiny-dataset.ts';

const deadlineMs = 10_000;
const SECONDS = 1;
let test: TestRegistry;
let datasetId: string;
let specs: NonNullable<WorkSpec['spec']>[];

beforeEach(async () => {
  specs = [];
  test = await startTestRegistry();
  ({ datasetId } = await importDataset(test.registry, tinyDataset()));
  const train = test.scripted('train');
  const rate = test.scripted('rate');
  const noted =
    (handler: WorkHandler): WorkHandler =>
    (lease, options) => {
      if (lease.spec?.spec) specs.push(lease.spec.spec);
      return handler(lease, options);
    };
  test.startWorkers(1, { train: noted(train), rate: noted(sampling(rate)) });
});
afterEach(() => test.close());

/** Rates by the images' numbers, the highest first, where a sampler is trained. */
function sampling(otherwise: WorkHandler): WorkHandler {
  return async (lease, options) => {
    const spec = lease.spec?.spec;
    if (spec?.$case === 'rate') {
      const { images, candidates, centres } = spec.value;
      const ids = images.map(({ imageId }) => imageId).join();
      const thumbnails = refBlob(await test.objects.put(Buffer.from(ids)));
      const block = { thumbnails, candidates, labelled: centres, imageCount: images.length };
      const value = { ratings: [], embeddings: undefined, thumbnails: block };
      return { result: { result: { $case: 'rate', value } }, seconds: SECONDS };
    }
    if (spec?.$case !== 'trainSampler') return otherwise(lease, options);
    const { blocks, count } = spec.value;
    const ratings = [];
    for (const { thumbnails, candidates } of blocks) {
      if (!candidates || thumbnails?.source?.$case !== 'object') continue;
      const ids = Buffer.from(await test.objects.get(thumbnails.source.value)).toString();
      for (const imageId of ids.split(',')) ratings.push({ imageId, rating: Number(imageId.slice(-3)) });
    }
    const best = ratings.toSorted((a, b) => b.rating - a.rating).slice(0, count);
    const losses = { reconstructionLoss: 0, divergence: 0, adversaryLoss: 0, discriminatorLoss: 0 };
    return { result: { result: { $case: 'trainSampler', value: { ratings: best, ...losses } } }, seconds: SECONDS };
  };
}

type Case<Name> = Extract<NonNullable<WorkSpec['spec']>, { $case: Name }>;
const specsOf = <Name extends string>(name: Name) =>
  specs.filter((spec): spec is Case<Name> => spec.$case === name).map(({ value }) => value as Case<Name>['value']);

async function campaignBy(strategy: string) {
  const { campaignId, error } = await runCampaign(test.registry, datasetId, {
    strategy,
    cycles: 3,
    budgetImages: 2,
  });
  expect(error).toBe('');
  const { cycles } = await call(
    test.registry.listCycles.bind(test.registry),
    { campaignId, pageSize: 0, pageToken: '' },
    { deadlineMs },
  );
  return cycles;
}

describe('a campaign by VAAL', () => {
  it('shrinks all images, trains a sampler on them as long as the model, and labels what it picked', async () => {
    const cycles = await campaignBy('vaal');
    const rated = specsOf('rate');
    for (const { model, thumbnailSize, seed } of rated) {
      expect({ model, thumbnailSize, seed }).toEqual({
        model: undefined,
        thumbnailSize: { height: 48, width: 64 },
        seed: 0,
      });
    }
    const use = rated.map(({ images, candidates, centres }) => [images.length, candidates, centres]);
    expect(use).toEqual([
      [8, true, false],
      [2, false, true],
      [6, true, false],
      [4, false, true],
    ]);
    const trained = specsOf('trainSampler');
    expect(trained.map(({ blocks }) => blocks.map(({ imageCount, labelled }) => [imageCount, labelled]))).toEqual([
      [
        [8, false],
        [2, true],
      ],
      [
        [6, false],
        [4, true],
      ],
    ]);
    for (const { config, count } of trained) {
      expect(count).toBe(2);
      // The scripted training takes one step.
      expect(config).toEqual({
        steps: 1,
        vaeSteps: 2,
        batchSize: 16,
        latentChannels: 32,
        beta: 1,
        adversaryWeight: 1,
        learningRate: 5e-4,
        ranked: false,
      });
    }
    expect(trained[0]!.seed).not.toBe(trained[1]!.seed);
    for (const { subsetImageIds, seconds } of cycles.slice(0, 2)) {
      expect(subsetImageIds).toEqual(subsetImageIds.toSorted().reverse());
      // Two shards of thumbnails and the sampler.
      expect(seconds?.rate).toBe(3 * SECONDS);
    }
  });
});

describe('a campaign by TA-VAAL', () => {
  it('draws the ranks of its first cycle, and takes the model’s after that', async () => {
    await campaignBy('ta-vaal');
    const models = specsOf('rate').map(({ model, seed }) => [model !== undefined, seed > 0]);
    expect(models).toEqual([
      [false, true],
      [false, true],
      [true, true],
      [true, true],
    ]);
    expect(specsOf('trainSampler').map(({ config }) => [config?.ranked, config?.vaeSteps])).toEqual([
      [true, 1],
      [true, 1],
    ]);
  });

  it('trains the head by cross-entropy from the second cycle on; the first training is every strategy’s', async () => {
    await campaignBy('vaal');
    specs = [];
    await campaignBy('ta-vaal');
    const rankings = specsOf('train').map(({ config }) => config?.lossPrediction?.ranking);
    // The first one was found done.
    expect(rankings).toEqual([RankingLoss.RANKING_LOSS_CROSS_ENTROPY, RankingLoss.RANKING_LOSS_CROSS_ENTROPY]);
  });
});

describe('the training of a model', () => {
  const config = presetConfig({});
  const size = config.size!;
  const initialPixels = config.initialImages * size.height * size.width;
  const headless = { ...config.training!, lossPrediction: undefined };

  it('is as configured for every strategy but TA-VAAL', () => {
    for (const strategy of ['vaal', 'cpral', 'random'].map(strategyNamed)) {
      expect(trainingOf({ config, size, strategy, cycle: 2 }, 2 * initialPixels)).toEqual(config.training);
    }
  });

  it('has a ranker for TA-VAAL, with the weights of the configured head, or where there is none with its own', () => {
    const strategy = strategyNamed('ta-vaal');
    const ranking = RankingLoss.RANKING_LOSS_CROSS_ENTROPY;
    const { lossPrediction } = trainingOf({ config, size, strategy, cycle: 1 }, initialPixels);
    expect(lossPrediction).toEqual({ ...config.training!.lossPrediction, ranking });
    const own = trainingOf(
      { config: { ...config, training: headless }, size, strategy, cycle: 1 },
      initialPixels,
    ).lossPrediction;
    // The configured rate is ten times the paper's.
    expect(own).toEqual({ enabled: true, margin: 0, weight: 0.1, detachAfter: 0.6, ranking });
    expect(trainingOf({ config: { ...config, training: headless }, size, strategy, cycle: 0 }, initialPixels)).toEqual(
      headless,
    );
  });
});
