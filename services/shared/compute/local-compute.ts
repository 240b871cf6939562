// Compute in this process, for functions that never block it for long.
import { Progress } from '../../../proto/gen/cpral/v1/trainer.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import { trainingStepSeconds } from '../telemetry/metrics.ts';
import type { Compute, ComputeFunction } from './compute.ts';

export function localCompute(objects: ObjectStore): Compute {
  const running = new Set<Promise<unknown>>();
  return {
    async run<Spec, Result>(module: URL, spec: Spec, options: Parameters<Compute['run']>[2] = {}) {
      const start = performance.now();
      const { default: compute } = (await import(module.href)) as { default: ComputeFunction<Spec, Result> };
      options.signal?.throwIfAborted();
      options.onStart?.();
      const progress = (update: Partial<Progress>) => options.onProgress?.(Progress.fromPartial(update));
      const trainingStepTook = (seconds: number) => trainingStepSeconds.observe(seconds);
      const computed = Promise.resolve(compute(spec, { objects, progress, trainingStepTook }));
      running.add(computed);
      const result = await computed.finally(() => running.delete(computed));
      return { result, seconds: (performance.now() - start) / 1_000 };
    },
    // What was begun goes on to its end here, and may write until then.
    async close() {
      await Promise.allSettled(running);
    },
  };
}
