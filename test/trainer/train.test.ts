import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { LearningRateSchedule } from '../../proto/gen/cpral/v1/resources.ts';
import {
  type Checkpoint,
  type Progress,
  type TrainingSample,
  TrainingSamples,
  type TrainRequest,
  type TrainSpec,
} from '../../proto/gen/cpral/v1/trainer.ts';
import { encodeMask } from '../../services/shared/images/images.ts';
import { freshWeights } from '../../services/shared/model/fresh-weights.ts';
import { encoderParameters } from '../../services/shared/model/network-parameters.ts';
import { readSafetensors, writeSafetensors } from '../../services/shared/model/safetensors.ts';
import { refBlob } from '../../services/shared/objects/blob.ts';
import { tensorCount } from '../../services/shared/tensorflow/tensorflow.ts';
import train, { trainModel } from '../../services/trainer/train.ts';
import { memoryObjectStore } from '../support/memory-object-store.ts';
import { TINY_CLASSES, TINY_DRN, TINY_SIZE } from '../support/tiny-network.ts';
import { TINY_STEPS, tinyTraining } from '../support/tiny-training.ts';

const objects = memoryObjectStore();

async function runTraining(change: Partial<TrainSpec> = {}) {
  const spec = { ...(await tinyTraining(objects)), ...change };
  const told: Partial<Progress>[] = [];
  const progress = (update: Partial<Progress>) => void told.push(update);
  const result = await train({ spec, checkpoint: undefined }, { objects, progress });
  return { result, told };
}

/** The checkpoint of a training that crashed after some steps. */
async function crashAfter(step: number, request: TrainRequest): Promise<Checkpoint> {
  let last: Checkpoint | undefined;
  const crash = new Error('crash');
  const progress = ({ checkpoint }: Partial<Progress>) => {
    last = checkpoint ?? last;
    if (last?.step === step) throw crash;
  };
  await expect(trainModel(request, { objects, progress }, { checkpointIntervalMs: 0 })).rejects.toBe(crash);
  return last!;
}

describe('a training', () => {
  it('gives equal bytes for an equal specification, also in another process', async () => {
    const first = await runTraining();
    const second = await runTraining();
    expect(second.result).toEqual(first.result);
    const script = new URL('../support/tiny-training-digest.ts', import.meta.url).pathname;
    expect(spawnSync(process.execPath, [script], { encoding: 'utf8' }).stdout.trim()).toBe(
      first.result.weights!.digest,
    );
  });

  it('goes on from a checkpoint to the bytes of an undisturbed one', async () => {
    const whole = await runTraining();
    const spec = await tinyTraining(objects);
    const checkpoint = await crashAfter(5, { spec, checkpoint: undefined });
    const resumed = await train({ spec, checkpoint }, { objects, progress: () => {} });
    expect(resumed).toEqual(whole.result);
  });

  it('starts from the encoder’s weights where they are given', async () => {
    const spec = await tinyTraining(objects);
    const encoder = freshWeights(encoderParameters(TINY_DRN), 77);
    const encoderWeights = await objects.put(writeSafetensors(encoder));
    const still = { learningRate: 0, weightDecay: 0, steps: 2, network: TINY_DRN, encoderWeights };
    const { result } = await runTraining({ config: { ...spec.config!, ...still } });
    const trained = readSafetensors(await objects.get(result.weights!), 'weights');
    for (const { name, trainable } of encoderParameters(TINY_DRN)) {
      if (trainable) expect(trained.get(name), name).toEqual(encoder.get(name));
    }
  });

  it('gives the same bytes for lists in the store', async () => {
    const { train: samples, val } = await tinyTraining(objects);
    const pageOf = (page: TrainingSample[]) => objects.put(TrainingSamples.encode({ samples: page }).finish());
    const storedTrain = {
      pages: await Promise.all([samples.slice(0, 2), samples.slice(2, 4), samples.slice(4)].map(pageOf)),
      length: 5n,
      pageLength: 2,
    };
    const storedVal = { pages: [await pageOf(val)], length: 1n, pageLength: 2 };
    const stored = await runTraining({ train: [], val: [], storedTrain, storedVal });
    expect(stored.result).toEqual((await runTraining()).result);
  });

  it('depends on the seed', async () => {
    const [one, other] = [await runTraining(), await runTraining({ seed: 8 })];
    expect(other.result.weights).not.toEqual(one.result.weights);
  });

  it('tells every step, and its last checkpoint when the steps are done', async () => {
    const { told, result } = await runTraining();
    const steps = told.filter(({ message }) => message?.startsWith('step '));
    expect(steps.map(({ unitsDone }) => unitsDone)).toEqual(Array.from({ length: TINY_STEPS }, (_, i) => i + 1));
    const checkpoints = told.flatMap(({ checkpoint }) => checkpoint ?? []);
    expect(checkpoints.at(-1)).toMatchObject({ step: TINY_STEPS });
    expect(told.at(-1)).toMatchObject({
      unitsDone: TINY_STEPS,
      unitsTotal: TINY_STEPS,
      message: 'measured 1 of 1 images',
    });
    expect(result).toMatchObject({ steps: TINY_STEPS, evaluation: { iou: { length: TINY_CLASSES } } });
    expect(result.lossCurve).toHaveLength(TINY_STEPS);
    const weights = readSafetensors(await objects.get(result.weights!), 'weights');
    expect([...weights.keys()].some((name) => name.startsWith('velocity/'))).toBe(false);
  });

  it('leaves no tensor behind', async () => {
    const before = tensorCount();
    await runTraining();
    expect(tensorCount()).toBe(before);
  });

  it('learns', async () => {
    const spec = await tinyTraining(objects);
    // Unscaled: what these images teach is where in the image a class lies.
    const config = { ...spec.config!, learningRate: 0.02, steps: 120, scaleAndBrightness: false, blur: false };
    const { result } = await runTraining({ config });
    // Tenths, as single batches differ: one may hold images of which next to nothing is labelled.
    const mean = (losses: readonly number[]) => losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
    expect(mean(result.lossCurve.slice(-10))).toBeLessThan(0.5 * mean(result.lossCurve.slice(0, 10)));
  });
});

describe('a training refuses', () => {
  const refusals: Record<string, { change: (spec: TrainSpec) => Promise<TrainSpec> | TrainSpec; sentence: RegExp }> = {
    'no images': {
      change: (spec) => ({ ...spec, train: [] }),
      sentence: /^train: expected labelled images, got none$/,
    },
    'an odd batch with loss prediction': {
      change: (spec) => ({ ...spec, config: { ...spec.config!, batchSize: 3 } }),
      sentence: /^training.batch_size: expected an even number with loss prediction, got 3$/,
    },
    'no schedule': {
      change: (spec) => ({
        ...spec,
        config: { ...spec.config!, schedule: LearningRateSchedule.LEARNING_RATE_SCHEDULE_UNSPECIFIED },
      }),
      sentence: /^training.schedule: expected a learning-rate schedule, got none$/,
    },
    'an unknown encoder': {
      change: (spec) => ({
        ...spec,
        config: { ...spec.config!, network: { ...spec.config!.network!, encoder: 'vgg' } },
      }),
      sentence: /^network.encoder: expected one of mobilenetv2, drn-d-22, drn-d-38, drn-d-54, got "vgg"$/,
    },
    'a label outside the class map, naming the image': {
      change: async (spec) => {
        const data = new Uint8Array(TINY_SIZE.height * TINY_SIZE.width).fill(TINY_CLASSES);
        const classes = refBlob(await objects.put(await encodeMask({ ...TINY_SIZE, data })));
        return { ...spec, train: [{ ...spec.train[0]!, classes }] };
      },
      sentence: /^image train0: classes at row 0, column 0: expected a class below 5 or 255, got 5$/,
    },
    'images of which none has a label': {
      change: async (spec) => {
        const data = new Uint8Array(TINY_SIZE.height * TINY_SIZE.width).fill(255);
        const classes = refBlob(await objects.put(await encodeMask({ ...TINY_SIZE, data })));
        return { ...spec, train: spec.train.map((sample) => ({ ...sample, classes })) };
      },
      sentence: /^train: expected labelled pixels, got none$/,
    },
    'encoder weights of another network': {
      change: async (spec) => {
        const { result } = await runTraining();
        return { ...spec, config: { ...spec.config!, encoderWeights: result.weights } };
      },
      sentence: /^training.encoder_weights: the tensor \S+ is not one of this network$/,
    },
  };
  for (const [name, { change, sentence }] of Object.entries(refusals)) {
    it(name, async () => {
      const spec = await change(await tinyTraining(objects));
      const training = train({ spec, checkpoint: undefined }, { objects, progress: () => {} });
      await expect(training).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', message: sentence });
    });
  }

  it('a checkpoint of another step', async () => {
    const spec = await tinyTraining(objects);
    const checkpoint = await crashAfter(2, { spec, checkpoint: undefined });
    const training = train({ spec, checkpoint: { ...checkpoint, step: 3 } }, { objects, progress: () => {} });
    await expect(training).rejects.toThrow('checkpoint.state: expected the losses of 3 steps, got [2]');
  });
});
