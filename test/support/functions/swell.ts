import type { ComputeFunction } from '../../../services/shared/compute/compute.ts';

const STEP_BYTES = 16 << 20;

/** Takes memory without end, and writes to it: what is not written to is not held. */
const swell: ComputeFunction<Record<string, never>, never> = async () => {
  for (const held: Uint8Array[] = []; ; ) {
    held.push(new Uint8Array(STEP_BYTES).fill(1));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};
export default swell;
