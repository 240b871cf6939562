import { describe, expect, it } from 'vitest';
import { readLauncher } from '../../../services/pool-registry/launcher/launcher-config.ts';

const ENVIRONMENT = {
  CPRAL_TRAINING_LAUNCHER: 'kubernetes',
  CPRAL_TRAINING_JOB_TEMPLATE: '/etc/cpral/training-job.json',
  CPRAL_TRAINING_MAX_JOBS: '8',
  KUBERNETES_SERVICE_HOST: '10.96.0.1',
  KUBERNETES_SERVICE_PORT: '443',
};

describe('the launcher', () => {
  it('is off where nobody asks for it, whatever else the environment holds', () => {
    expect(readLauncher({ ...ENVIRONMENT, CPRAL_TRAINING_LAUNCHER: undefined })).toBeUndefined();
  });

  it('finds the API where every pod does', () => {
    expect(readLauncher(ENVIRONMENT)).toEqual({
      apiUrl: 'https://10.96.0.1:443',
      templateFile: '/etc/cpral/training-job.json',
      maxJobs: 8,
    });
    expect(readLauncher({ ...ENVIRONMENT, KUBERNETES_SERVICE_HOST: 'fd00::1' })?.apiUrl).toBe('https://[fd00::1]:443');
  });

  it.each([
    ['CPRAL_TRAINING_LAUNCHER', 'slurm'],
    ['CPRAL_TRAINING_JOB_TEMPLATE', ''],
    ['CPRAL_TRAINING_MAX_JOBS', '0'],
    ['CPRAL_TRAINING_MAX_JOBS', '2.5'],
    ['KUBERNETES_SERVICE_HOST', ''],
  ])('is refused where %s is "%s"', (field, value) => {
    expect(() => readLauncher({ ...ENVIRONMENT, [field]: value })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', field }),
    );
  });
});
