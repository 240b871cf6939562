import { runWorkerService } from '../shared/worker/run-worker-service.ts';
import { readConfig } from './config.ts';
import { createOracle } from './service.ts';

await runWorkerService('oracle', readConfig(), createOracle);
