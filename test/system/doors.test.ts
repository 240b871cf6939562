// The workers' own doors: a program that brings its images trains, rates and extends without a campaign.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { credentials } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LabelExtenderClient } from '../../proto/gen/cpral/v1/label_extender.ts';
import { PanopticScorerClient, RateSpec } from '../../proto/gen/cpral/v1/panoptic_scorer.ts';
import { type Blob, ExtensionConfig, PanopticScore } from '../../proto/gen/cpral/v1/resources.ts';
import { TrainerClient, type TrainResult, type TrainSpec } from '../../proto/gen/cpral/v1/trainer.ts';
import { type Embedded, startEmbedded } from '../../services/cli/serve.ts';
import { call, messages } from '../../services/shared/grpc/client.ts';
import { encodeMask, encodeRgb } from '../../services/shared/images/images.ts';
import { seededRandom } from '../../services/shared/random.ts';
import { presetConfig } from '../support/campaign-config.ts';

const size = { height: 32, width: 48 };
const pixels = size.height * size.width;
const inline = (value: Uint8Array): Blob => ({ source: { $case: 'inline', value } });

let home: string;
let services: Embedded;
let trainer: TrainerClient;
let spec: TrainSpec;

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'cpral-doors-'));
  services = await startEmbedded({ home });
  trainer = new TrainerClient(services.address, credentials.createInsecure());
  const { training } = presetConfig({});
  const train = await Promise.all([0, 1, 2, 3].map(sample));
  const stored = { storedTrain: undefined, storedVal: undefined };
  spec = { config: training, classCount: 3, size, train, val: train.slice(0, 1), ...stored, seed: 1 };
});
afterAll(async () => {
  trainer.close();
  await services.close();
  await rm(home, { recursive: true });
});

/** Noise above, a plain below: two classes and a third that is rare. */
async function sample(index: number) {
  const random = seededRandom('doors', index);
  const data = Uint8Array.from({ length: 3 * pixels }, (_, i) => (i < 1.5 * pixels ? 256 * random() : 90));
  const ids = Uint8Array.from({ length: pixels }, (_, i) => (i < 20 ? 2 : i < pixels / 2 ? 1 : 0));
  return {
    imageId: `mine-${index}`,
    image: inline(await encodeRgb({ ...size, data })),
    classes: inline(await encodeMask({ ...size, data: ids })),
  };
}

async function train(): Promise<{ result: TrainResult; stepsSeen: number }> {
  let result: TrainResult | undefined;
  let stepsSeen = 0;
  for await (const { update } of messages(trainer.train({ spec, checkpoint: undefined }))) {
    if (update?.$case === 'progress') stepsSeen = Math.max(stepsSeen, update.value.unitsDone);
    if (update?.$case === 'result') result = update.value;
  }
  if (!result) throw new Error('the stream ended without a result');
  return { result, stepsSeen };
}

describe('a program with its own images', () => {
  it('trains a model, watching the steps, and rates images with it', async () => {
    const { result, stepsSeen } = await train();
    expect(stepsSeen).toBe(spec.config?.steps);
    expect(result.evaluation?.miou).toBeGreaterThan(0);
    expect(Number.isFinite(result.loss)).toBe(true);

    const scorer = new PanopticScorerClient(services.address, credentials.createInsecure());
    const weights: Blob = { source: { $case: 'object', value: result.weights! } };
    const model = { network: spec.config?.network, classCount: 3, size, weights };
    const images = spec.train.map(({ imageId, image }) => ({ imageId, image, origins: undefined }));
    const score = PanopticScore.PANOPTIC_SCORE_LOSS_PREDICTION;
    const rateSpec = { ...RateSpec.fromPartial({ score }), model, images };
    const rated = await call(scorer.rate.bind(scorer), { spec: rateSpec }, { deadlineMs: 60_000 });
    scorer.close();
    expect(rated.result?.ratings.map(({ imageId }) => imageId)).toEqual(images.map(({ imageId }) => imageId));
    for (const { rating } of rated.result?.ratings ?? []) expect(Number.isFinite(rating)).toBe(true);
  });

  it('gets the same weights from the same training again', async () => {
    const [first, second] = [await train(), await train()];
    expect(second.result.weights?.digest).toBe(first.result.weights?.digest);
  });

  it('can cancel a training, and the next one is served', async () => {
    const long = { ...spec, config: { ...spec.config!, steps: 1_000_000 } };
    for await (const { update } of messages(trainer.train({ spec: long, checkpoint: undefined }))) {
      if (update?.$case === 'progress' && update.value.unitsDone >= 1) break;
    }
    expect((await train()).stepsSeen).toBe(spec.config?.steps);
  });

  it('is told which field is wrong', async () => {
    const wrong = { ...spec, config: { ...spec.config!, batchSize: 0 } };
    const refused = messages(trainer.train({ spec: wrong, checkpoint: undefined })).next();
    await expect(refused).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      field: expect.stringContaining('batch_size'),
    });
  });

  it('extends the labels of part of an image', async () => {
    const extender = new LabelExtenderClient(services.address, credentials.createInsecure());
    const flat = await encodeRgb({ ...size, data: new Uint8Array(3 * pixels).fill(120) });
    const known = (i: number) => i % size.width < 12;
    const classes = await encodeMask({
      ...size,
      data: Uint8Array.from({ length: pixels }, (_, i) => (known(i) ? 1 : 255)),
    });
    const origins = await encodeMask({
      ...size,
      data: Uint8Array.from({ length: pixels }, (_, i) => (known(i) ? 2 : 0)),
    });
    const image = { imageId: 'flat', image: inline(flat), classes: inline(classes), origins: inline(origins) };
    const config = ExtensionConfig.fromPartial({ scale: 10, stridePx: 4 });
    const request = { spec: { images: [image], config, size, classCount: 3, model: undefined } };
    const { result } = await call(extender.extendLabels.bind(extender), request, { deadlineMs: 30_000 });
    extender.close();
    expect(result?.labels[0]).toMatchObject({
      labelledPixels: BigInt(12 * size.height),
      extendedPixels: BigInt(36 * size.height),
    });
  });
});
