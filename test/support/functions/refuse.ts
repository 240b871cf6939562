import type { ComputeFunction } from '../../../services/shared/compute/compute.ts';
import { invalid } from '../../../services/shared/errors.ts';

const refuse: ComputeFunction<Record<string, never>, never> = async () => {
  throw invalid('image: expected a PNG, got a song', { field: 'image' });
};
export default refuse;
