import type { ComputeFunction } from '../../../services/shared/compute/compute.ts';

const crash: ComputeFunction<Record<string, never>, never> = async () => process.abort();
export default crash;
