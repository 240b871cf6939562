import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jobOf } from '../../../services/pool-registry/launcher/job-template.ts';
import { type JobsApi, jobsApi } from '../../../services/pool-registry/launcher/jobs-api.ts';
import { JOB_TEMPLATE } from '../../support/job-template.ts';
import { type FakeKubernetes, startFakeKubernetes } from '../../support/kubernetes-api.ts';

let kubernetes: FakeKubernetes;
let api: JobsApi;
beforeEach(async () => {
  kubernetes = await startFakeKubernetes();
  api = jobsApi(kubernetes);
});
afterEach(() => kubernetes.close());

const job = (itemId: string) => jobOf(JOB_TEMPLATE, { itemId, failures: 0 });

describe('the Jobs of a namespace', () => {
  it('are made once, however often they are asked for', async () => {
    await api.create(job('a'));
    await api.create(job('a'));
    expect(kubernetes.jobs.size).toBe(1);
  });

  it('are listed over all pages, without those of others', async () => {
    for (const item of ['a', 'b', 'c', 'd', 'e']) await api.create(job(item));
    kubernetes.jobs.set('other', {
      ...structuredClone([...kubernetes.jobs.values()][0]!),
      metadata: { name: 'other' },
    });
    kubernetes.end(job('b').metadata.name, 'Complete');
    kubernetes.end(job('c').metadata.name, 'Failed');
    const listed = await api.list('cpral');
    expect(listed.map(({ itemId, end, hasPods }) => [itemId, end, hasPods])).toEqual([
      ['a', undefined, true],
      ['b', 'complete', false],
      ['c', 'failed', false],
      ['d', undefined, true],
      ['e', undefined, true],
    ]);
  });

  it('are deleted, and nothing is said where they are gone', async () => {
    await api.create(job('a'));
    await api.delete(job('a').metadata.name);
    await api.delete(job('a').metadata.name);
    expect(kubernetes.jobs.size).toBe(0);
  });
});

describe('the Kubernetes API', () => {
  it('is asked with the token as it is now', async () => {
    await writeFile(path.join(kubernetes.folder, 'token'), 'expired');
    await expect(api.list('cpral')).rejects.toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'KUBERNETES_REFUSES',
    });
    await writeFile(path.join(kubernetes.folder, 'token'), 'secret');
    expect(await api.list('cpral')).toEqual([]);
  });

  it.each([
    [403, '{"message":"jobs.batch is forbidden"}', 'FAILED_PRECONDITION', 'create Job .*: jobs.batch is forbidden'],
    [422, '{"message":"spec.template: required"}', 'FAILED_PRECONDITION', 'spec.template: required'],
    [429, '{}', 'UNAVAILABLE', 'status 429'],
    [503, 'the proxy says no', 'UNAVAILABLE', 'status 503'],
  ])('that answers %i is taken at its word', async (status, body, code, message) => {
    kubernetes.refuse = () => ({ status, body });
    await expect(api.create(job('a'))).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('that is away is unavailable, and so is one that breaks off', async () => {
    const { apiUrl, folder } = kubernetes;
    await kubernetes.close();
    kubernetes = await startFakeKubernetes();
    await expect(jobsApi({ apiUrl, folder: kubernetes.folder }).list('cpral')).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      reason: 'KUBERNETES_UNAVAILABLE',
    });
    expect(folder).not.toBe(kubernetes.folder);
  });
});
