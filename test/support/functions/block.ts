import type { ComputeFunction } from '../../../services/shared/compute/compute.ts';

/** Blocks its thread as TensorFlow does, for as long as it lives; says who it is first. */
const block: ComputeFunction<Record<string, never>, never> = async (_, { progress }) => {
  progress({ unitsDone: 0, unitsTotal: 0, message: `${process.pid}` });
  await new Promise((resolve) => setTimeout(resolve, 50));
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000);
};
export default block;
