import type { ComputeFunction } from '../../../services/shared/compute/compute.ts';

/** Blocks its thread for ever and says nothing. */
const hang: ComputeFunction<Record<string, never>, never> = async () => {
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000);
};
export default hang;
