// Trains a network on labelled images and measures it. Everything random is a function of seed and step, so a training that
// goes on from a checkpoint ends with the same bytes as one that was never interrupted.
import { setImmediate } from 'node:timers/promises';
import type { Evaluation, TrainingConfig } from '../../proto/gen/cpral/v1/resources.ts';
import type { Checkpoint, TrainRequest, TrainResult } from '../../proto/gen/cpral/v1/trainer.ts';
import type { ComputeContext } from '../shared/compute/compute.ts';
import { CpralError } from '../shared/errors.ts';
import { writeSafetensors } from '../shared/model/safetensors.ts';
import { openScoringSession } from '../shared/model/scoring-session.ts';
import { openTrainingSession, type TrainingSession } from '../shared/model/training-session.ts';
import type { Weights } from '../shared/model/weights.ts';
import { lengthOf } from '../shared/objects/stored-list.ts';
import { seedPair } from '../shared/random.ts';
import type { AugmentationOptions } from './augment.ts';
import { openBatches } from './batch-stream.ts';
import { readCheckpoint, type TrainingState, writeCheckpoint } from './checkpoint.ts';
import { classWeights } from './class-weights.ts';
import { countPixels, evaluate, newPixelCounts } from './evaluation.ts';
import { initialWeights } from './initial-weights.ts';
import { lossCurve, meanOfLastTenth } from './loss-curve.ts';
import { planTraining, type TrainingPlan } from './plan.ts';
import { openSamples, type SampleList, type Samples, trainingList, validationList } from './samples.ts';
import { learningRate } from './schedule.ts';

/** What a crash may cost, about. */
const CHECKPOINT_INTERVAL_MS = 20_000;

export default function train(request: TrainRequest, context: ComputeContext): Promise<TrainResult> {
  return trainModel(request, context, { checkpointIntervalMs: CHECKPOINT_INTERVAL_MS });
}

/** @param options.checkpointIntervalMs 0: after every step */
export async function trainModel(
  request: TrainRequest,
  context: ComputeContext,
  { checkpointIntervalMs }: { readonly checkpointIntervalMs: number },
): Promise<TrainResult> {
  const plan = planTraining(request.spec);
  const samples = trainingList(request.spec!);
  const validation = openSamples(context.objects, validationList(request.spec!), 'val', plan);
  const { weights, losses } = await runTraining({
    plan,
    samples,
    checkpoint: request.checkpoint,
    context,
    checkpointIntervalMs,
  });
  const evaluation = await measure(plan, weights, validation, context);
  return {
    weights: await context.objects.put(writeSafetensors(weights)),
    evaluation,
    loss: meanOfLastTenth(losses),
    steps: plan.steps,
    lossCurve: lossCurve(losses),
  };
}

/** @returns the trained weights with their running statistics, and the loss of every step */
async function runTraining(work: {
  readonly plan: TrainingPlan;
  readonly samples: SampleList;
  readonly checkpoint: Checkpoint | undefined;
  readonly context: ComputeContext;
  readonly checkpointIntervalMs: number;
}): Promise<{ weights: Weights; losses: readonly number[] }> {
  const { plan, samples, checkpoint, context, checkpointIntervalMs } = work;
  const { momentum, weightDecay, batchSize, lossPrediction } = plan.config;
  const head = lossPrediction ? { lossPrediction } : {};
  const session = openTrainingSession({ ...plan, batchSize, momentum, weightDecay, ...head });
  try {
    const { parameters } = session;
    const start = checkpoint
      ? await readCheckpoint(context.objects, checkpoint, parameters)
      : { step: 0, tensors: await initialWeights(context.objects, plan, parameters), losses: [] };
    session.setState(start.tensors);
    const { tensors, losses } = await runSteps(session, { plan, samples, start, context, checkpointIntervalMs });
    return { weights: new Map(parameters.map(({ name }) => [name, tensors.get(name)!])), losses };
  } finally {
    session[Symbol.dispose]();
  }
}

async function runSteps(
  session: TrainingSession,
  work: {
    readonly plan: TrainingPlan;
    readonly samples: SampleList;
    readonly start: TrainingState;
    readonly context: ComputeContext;
    readonly checkpointIntervalMs: number;
  },
): Promise<TrainingState> {
  const { plan, samples, start, context, checkpointIntervalMs } = work;
  const { config, steps, seed, size, classCount } = plan;
  const { batchSize } = config;
  const data = { samples, size, classCount, seed, batchSize, augmentation: augmentationOf(config) };
  const atStart = { unitsDone: start.step, unitsTotal: steps };
  const sampleCount = lengthOf(samples, 'train');
  const batches = await openBatches(context.objects, data, { first: start.step, last: steps }, (read) =>
    context.progress({ ...atStart, message: `read ${read} of ${sampleCount} images` }),
  );
  const losses = [...start.losses];
  const state = (): TrainingState => ({ step: losses.length, tensors: session.state(), losses });
  const checkpoint = async () => {
    const step = losses.length;
    const message = `saved a checkpoint after step ${step}`;
    const saved = await writeCheckpoint(context.objects, state());
    context.progress({ unitsDone: step, unitsTotal: steps, message, checkpoint: saved });
  };

  try {
    const weights = classWeights(config.classWeighting, batches.labelled.byClass);
    let savedAt = performance.now();
    while (losses.length < steps) {
      const step = losses.length;
      const startedAt = performance.now();
      const { segmentation, ranking } = session.step({
        ...(await batches.next()),
        learningRate: learningRate(config.schedule, { step, steps, peak: config.learningRate }),
        seed: seedPair('dropout', seed, step),
        classWeights: weights,
        trainEncoderByHead: step < plan.headSteps,
      });
      // Both: a rectifier turns NaN into 0, so that a head which diverged can leave a finite loss over broken weights.
      if (!Number.isFinite(segmentation) || !Number.isFinite(ranking)) {
        throw new CpralError(
          'FAILED_PRECONDITION',
          `the training diverged at step ${step}: try a smaller learning rate`,
        );
      }
      losses.push(segmentation);
      const message = `step ${step + 1} of ${steps}, loss ${segmentation.toFixed(3)}`;
      context.progress({ unitsDone: step + 1, unitsTotal: steps, message });
      const now = performance.now();
      context.trainingStepTook?.((now - startedAt) / 1_000);
      if (now - savedAt >= checkpointIntervalMs || losses.length === steps) {
        await checkpoint();
        savedAt = now;
      }
      // Steps block the thread; messages leave, and the next batch arrives, between them.
      await setImmediate();
    }
    return state();
  } finally {
    await batches.close();
  }
}

function augmentationOf({ flip, blur, scaleAndBrightness }: TrainingConfig): AugmentationOptions {
  return { flip, blur, scaleAndBrightness };
}

async function measure(
  plan: TrainingPlan,
  weights: Weights,
  validation: Samples,
  { progress }: ComputeContext,
): Promise<Evaluation> {
  const session = openScoringSession(plan);
  try {
    session.load(weights, 'the trained weights');
    const counts = newPixelCounts(plan.classCount);
    for (let index = 0; index < validation.count; index++) {
      const { image, classes } = await validation.get(index);
      countPixels(counts, { truth: classes, predicted: session.classes(image) });
      const message = `measured ${index + 1} of ${validation.count} images`;
      progress({ unitsDone: plan.steps, unitsTotal: plan.steps, message });
    }
    return evaluate(counts);
  } finally {
    session[Symbol.dispose]();
  }
}
