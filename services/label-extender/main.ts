import { runWorkerService } from '../shared/worker/run-worker-service.ts';
import { readConfig } from './config.ts';
import { createLabelExtender } from './service.ts';

await runWorkerService('label-extender', readConfig(), createLabelExtender);
