import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jobName, jobOf, readJobTemplate } from '../../../services/pool-registry/launcher/job-template.ts';
import { JOB_TEMPLATE } from '../../support/job-template.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'cpral-template-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function written(text: string): Promise<string> {
  const file = path.join(folder, 'job.json');
  await writeFile(file, text);
  return file;
}

describe('the Job of a training', () => {
  it('is the template with a name, the item, and nothing else changed', () => {
    const job = jobOf(JOB_TEMPLATE, { itemId: 'c/0/2/0', failures: 1 });
    expect(job).toEqual({
      ...JOB_TEMPLATE,
      metadata: {
        labels: { 'cpral/launched-by': 'cpral' },
        annotations: { 'cpral/work-item': 'c/0/2/0' },
        name: expect.stringMatching(/^cpral-train-[0-9a-f]{12}-1$/),
      },
      spec: {
        template: {
          metadata: { annotations: { 'cpral/work-item': 'c/0/2/0' } },
          spec: {
            containers: [
              {
                env: [
                  { name: 'CPRAL_REGISTRY', value: 'registry:4101' },
                  { name: 'CPRAL_WORK_ITEM', value: 'c/0/2/0' },
                ],
              },
            ],
          },
        },
      },
    });
  });

  it('has the same name for the same training, another for another training or after a failure, and one that Kubernetes takes', () => {
    const names = [
      { itemId: 'a/0/2/0', failures: 0 },
      { itemId: 'a/0/2/0', failures: 0 },
      { itemId: 'b/0/2/0', failures: 0 },
      { itemId: 'a/0/2/0', failures: 1 },
    ].map((training) => jobName('l'.repeat(40), training));
    expect(new Set(names).size).toBe(3);
    expect(names[0]).toBe(names[1]);
    for (const name of names) expect(name).toMatch(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
  });
});

describe('a template', () => {
  it('is read as it is', async () => {
    expect(await readJobTemplate(await written(JSON.stringify(JOB_TEMPLATE)))).toEqual(JOB_TEMPLATE);
  });

  it.each([
    ['not JSON', 'kind: Job', 'expected JSON'],
    ['not a Job', '{"apiVersion":"v1","kind":"Pod"}', 'expected a Job of batch/v1, got v1 Pod'],
    ['null', 'null', 'expected a Job of batch/v1'],
    [
      'a Job without a container',
      JSON.stringify({ ...JOB_TEMPLATE, spec: { template: { spec: { containers: [] } } } }),
      'expected a container',
    ],
    ['a Job of nobody', JSON.stringify({ ...JOB_TEMPLATE, metadata: {} }), 'expected a label cpral/launched-by'],
    [
      'a Job of somebody whose name is too long',
      JSON.stringify({ ...JOB_TEMPLATE, metadata: { labels: { 'cpral/launched-by': 'x'.repeat(41) } } }),
      'at most 40 characters',
    ],
  ])('is refused where it is %s', async (_, text, message) => {
    await expect(readJobTemplate(await written(text))).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      field: 'CPRAL_TRAINING_JOB_TEMPLATE',
      message: expect.stringContaining(message),
    });
  });

  it('is refused where there is none', async () => {
    await expect(readJobTemplate('/no/such/file')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});
