import { runWorkerService } from '../shared/worker/run-worker-service.ts';
import { readConfig } from './config.ts';
import { createRegionSelector } from './service.ts';

await runWorkerService('region-selector', readConfig(), createRegionSelector);
