// A process that owns a compute process which blocks, and says who that is.
import { processCompute } from '../../../services/shared/compute/process-compute.ts';
import { silent } from '../silent.ts';

const compute = processCompute({ objectsUrl: 'file:///tmp', log: silent });
await compute.run(new URL('./block.ts', import.meta.url), {}, { onProgress: ({ message }) => console.log(message) });
