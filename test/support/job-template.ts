// The least that a template of a training's Job has.
import type { JobTemplate } from '../../services/pool-registry/launcher/job-template.ts';

export const JOB_TEMPLATE: JobTemplate = {
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { labels: { 'cpral/launched-by': 'cpral' } },
  spec: { template: { spec: { containers: [{ env: [{ name: 'CPRAL_REGISTRY', value: 'registry:4101' }] }] } } },
};
