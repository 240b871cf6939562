import type { ComputeFunction } from '../../../services/shared/compute/compute.ts';

const double: ComputeFunction<{ value: number }, { value: number; pid: number }> = async ({ value }, { progress }) => {
  progress({ unitsDone: 1, unitsTotal: 1, message: 'doubled' });
  return { value: 2 * value, pid: process.pid };
};
export default double;
