// The steps of VAAL's training: in each the autoencoder's, on fresh batches, then the discriminator's on the last of them. What is
// random in a step follows from seed and step, so that a training goes on from a checkpoint as if nothing had been.
import { setImmediate } from 'node:timers/promises';
import type { Checkpoint } from '../../proto/gen/cpral/v1/trainer.ts';
import type { ComputeContext } from '../shared/compute/compute.ts';
import { CpralError } from '../shared/errors.ts';
import type { Size } from '../shared/images/images.ts';
import { freshWeights } from '../shared/model/fresh-weights.ts';
import type { Weights } from '../shared/model/weights.ts';
import { seedPair } from '../shared/random.ts';
import { type AutoencoderLoss, openSamplerSession, type SamplerSession } from '../shared/sampler/sampler-session.ts';
import type { SamplerPlan } from './plan-sampler.ts';
import { type SamplerPools, samplerBatches } from './sampler-batches.ts';
import { readSamplerCheckpoint, writeSamplerCheckpoint } from './sampler-checkpoint.ts';

export interface SamplerTraining {
  readonly plan: SamplerPlan;
  readonly size: Size;
  readonly pools: SamplerPools;
  readonly checkpoint: Checkpoint | undefined;
  readonly checkpointIntervalMs: number;
}

export interface SamplerLoss extends AutoencoderLoss {
  readonly discriminator: number;
}

export interface TrainedSampler {
  readonly weights: Weights;
  /** Of the last step. */
  readonly loss: SamplerLoss;
}

export async function runSamplerSteps(training: SamplerTraining, context: ComputeContext): Promise<TrainedSampler> {
  const { plan, size, checkpoint } = training;
  const session = openSamplerSession({ ...plan.config, size });
  try {
    const start = checkpoint
      ? await readSamplerCheckpoint(context.objects, checkpoint, session.parameters)
      : freshWeights(session.parameters, plan.seed);
    session.setState(start);
    const loss = await runSteps(session, training, context);
    return { weights: session.state(), loss };
  } finally {
    session[Symbol.dispose]();
  }
}

async function runSteps(
  session: SamplerSession,
  { plan, size, pools, checkpoint, checkpointIntervalMs }: SamplerTraining,
  { objects, progress }: ComputeContext,
): Promise<SamplerLoss> {
  const { config, seed } = plan;
  const { steps, vaeSteps, batchSize } = config;
  let done = checkpoint?.step ?? 0;
  const onImage = () => progress({ unitsDone: done, unitsTotal: steps, message: `step ${done + 1} of ${steps}` });
  const batchAt = samplerBatches(pools, { batchSize, size, seed, onImage });
  let loss = { reconstruction: 0, divergence: 0, adversary: 0, discriminator: 0 };
  let savedAt = performance.now();
  for (let step = done; step < steps; step++) {
    let batch = await batchAt(step * vaeSteps);
    for (let i = 0; i < vaeSteps; i++) {
      const number = step * vaeSteps + i;
      if (i > 0) batch = await batchAt(number);
      loss = {
        ...loss,
        ...session.autoencoderStep(batch, { count: number + 1, seed: seedPair('latent', seed, number) }),
      };
    }
    loss = { ...loss, discriminator: session.discriminatorStep(batch, { count: step + 1 }) };
    if (!Object.values(loss).every(Number.isFinite)) {
      throw new CpralError('FAILED_PRECONDITION', `the sampler's training diverged at step ${step}`);
    }
    done = step + 1;
    const report = { unitsDone: done, unitsTotal: steps };
    progress({ ...report, message: `step ${done} of ${steps}, discriminator ${loss.discriminator.toFixed(3)}` });
    // The last step is followed by the result, not by a checkpoint: its losses belong to it.
    if (done < steps && performance.now() - savedAt >= checkpointIntervalMs) {
      const saved = await writeSamplerCheckpoint(objects, done, session.state());
      progress({ ...report, message: `saved a checkpoint after step ${done}`, checkpoint: saved });
      savedAt = performance.now();
    }
    // Steps block the thread; messages leave between them.
    await setImmediate();
  }
  return loss;
}
