// Whoever acts is whoever calls: what a request says of it is checked before any handler sees it.
import { credentials } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AnnotationQueueClient, AnnotationQueueService } from '../../proto/gen/cpral/v1/annotation.ts';
import type { CpralError } from '../../services/shared/errors.ts';
import { call, clientOptions } from '../../services/shared/grpc/client.ts';
import { guard } from '../../services/shared/grpc/guard.ts';
import { unary } from '../../services/shared/grpc/handlers.ts';
import { grpcService, type RunningServer, startServer } from '../../services/shared/grpc/server.ts';
import { silent } from '../support/silent.ts';

/** A queue that notes who is said to act. */
const said: string[] = [];
const queue = grpcService(AnnotationQueueService as never, {
  leaseAnnotationTask: unary(silent, async ({ annotator }: { annotator: string }) => {
    said.push(annotator);
    return { task: undefined };
  }),
  reviewAnnotation: unary(silent, async ({ reviewer }: { reviewer: string }) => {
    said.push(reviewer);
    return { task: undefined };
  }),
});
let server: RunningServer;
let client: AnnotationQueueClient;

beforeAll(async () => {
  const identify = async ({ token }: { token: string }) => ({
    ...{ kind: 'person' as const, subject: token },
    grants: [{ project: 'maps', role: 'reviewer' as const }],
  });
  server = await startServer('127.0.0.1:0', [queue], undefined, { guard: guard({ identify, log: silent }) });
  const options = clientOptions({}, () => ({ token: 'ada', project: '' }));
  client = new AnnotationQueueClient(server.address, credentials.createInsecure(), options);
});
afterAll(async () => {
  client.close();
  await server.close();
});

const lease = (annotator: string) =>
  call(client.leaseAnnotationTask.bind(client), { annotator, campaignId: 'maps_a', taskId: '' }, { deadlineMs: 5_000 });
const review = (reviewer: string) => {
  const request = { taskId: 'maps_a/1', requestId: 'r', etag: '1', accept: true, note: '', reviewer };
  return call(client.reviewAnnotation.bind(client), request, { deadlineMs: 5_000 });
};

describe('a person', () => {
  it.each([
    ['labels', lease],
    ['reviews', review],
  ])('%s in their own name, whether they say it or not', async (_, act) => {
    said.length = 0;
    await act('');
    await act('ada');
    expect(said).toEqual(['ada', 'ada']);
  });

  it.each([
    ['label', lease, 'annotator'],
    ['review', review, 'reviewer'],
  ])('does not %s in the name of another', async (_, act, field) => {
    said.length = 0;
    const refused = (await act('eve').catch((error: unknown) => error)) as CpralError;
    expect([refused.code, refused.field]).toEqual(['PERMISSION_DENIED', field]);
    expect(said).toEqual([]);
  });
});
