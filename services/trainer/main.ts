import { runWorkerService } from '../shared/worker/run-worker-service.ts';
import { readConfig } from './config.ts';
import { createTrainer } from './service.ts';

await runWorkerService('trainer', readConfig(), createTrainer);
