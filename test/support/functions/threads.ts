import type { ComputeFunction } from '../../../services/shared/compute/compute.ts';

/** What TensorFlow would read, if it were loaded here. */
const threads: ComputeFunction<object, (string | undefined)[]> = async () => [
  process.env.TF_NUM_INTRAOP_THREADS,
  process.env.TF_NUM_INTEROP_THREADS,
];
export default threads;
