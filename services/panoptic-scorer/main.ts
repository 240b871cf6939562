import { runWorkerService } from '../shared/worker/run-worker-service.ts';
import { readConfig } from './config.ts';
import { createPanopticScorer } from './service.ts';

await runWorkerService('panoptic-scorer', readConfig(), createPanopticScorer);
