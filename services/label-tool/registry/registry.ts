// The registry as this service asks it: calls by name with a deadline on each, and errors as CpralError.
import { type CallOptions, type ChannelCredentials, type ClientReadableStream, Metadata } from '@grpc/grpc-js';
import { AnnotationQueueClient } from '../../../proto/gen/cpral/v1/annotation.ts';
import { OperationsClient } from '../../../proto/gen/cpral/v1/operations.ts';
import { PoolRegistryClient } from '../../../proto/gen/cpral/v1/pool_registry.ts';
import { CpralError, type StatusName } from '../../shared/errors.ts';
import { SERVICE_CHANNEL } from '../../shared/grpc/channel.ts';
import { call, clientOptions, messages } from '../../shared/grpc/client.ts';
import { bearerNow } from '../people/person.ts';

const REFUSALS = new Set<StatusName>(['UNAUTHENTICATED', 'PERMISSION_DENIED']);
const UNARY_DEADLINE_MS = 20_000;

type Method<Req, Res> = Parameters<typeof call<Req, Res>>[0];

export interface Registry {
  readonly pool: PoolRegistryClient;
  readonly operations: OperationsClient;
  readonly tasks: AnnotationQueueClient;
  /** Throws UNAVAILABLE where nobody answers. */
  ready(): Promise<void>;
  close(): void;
}

/** @param address host:port, or several as gRPC writes them */
export function openRegistry(address: string, credentials: ChannelCredentials): Registry {
  // Every call is made in the name of the person whom it is made for.
  const options = clientOptions(SERVICE_CHANNEL, bearerNow);
  const pool = new PoolRegistryClient(address, credentials, options);
  const operations = new OperationsClient(address, credentials, options);
  const tasks = new AnnotationQueueClient(address, credentials, options);
  return {
    pool,
    operations,
    tasks,
    async ready() {
      await ask(pool, pool.listDatasets, { pageSize: 1, pageToken: '' }).catch((error: unknown) => {
        // It answers; that it asks for a person is as it should be.
        if (!(error instanceof CpralError && REFUSALS.has(error.code))) throw error;
      });
    },
    close() {
      pool.close();
      operations.close();
      tasks.close();
    },
  };
}

/** Calls a method of a client, for instance `ask(pool, pool.getCampaign, { campaignId })`. */
export function ask<Req, Res>(
  client: object,
  method: Method<Req, Res>,
  request: Req,
  signal?: AbortSignal,
): Promise<Res> {
  return call<Req, Res>(method.bind(client) as Method<Req, Res>, request, { deadlineMs: UNARY_DEADLINE_MS, signal });
}

/** Reads a server's stream until the signal aborts; leaving the loop cancels the call. */
export async function* streamed<Res>(
  open: (metadata: Metadata, options: Partial<CallOptions>) => ClientReadableStream<Res>,
  { deadlineMs, signal }: { readonly deadlineMs: number; readonly signal: AbortSignal },
): AsyncGenerator<Res> {
  signal.throwIfAborted();
  const stream = open(new Metadata(), { deadline: Date.now() + deadlineMs });
  const cancel = () => stream.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    yield* messages(stream);
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

export interface Page {
  readonly pageSize: number;
  readonly pageToken: string;
}

const PAGE_SIZE = 500;

/** Reads pages one after the other, for as long as somebody reads them. */
export async function* pages<T>(
  fetch: (page: Page) => Promise<{ readonly items: readonly T[]; readonly nextPageToken: string }>,
  pageSize = PAGE_SIZE,
): AsyncGenerator<T> {
  for (let pageToken = ''; ; ) {
    const { items, nextPageToken } = await fetch({ pageSize, pageToken });
    yield* items;
    if (nextPageToken === '') return;
    pageToken = nextPageToken;
  }
}

/** @returns the items, and whether there are more than the limit */
export async function firstOf<T>(items: AsyncIterable<T>, limit: number): Promise<{ list: T[]; truncated: boolean }> {
  const list: T[] = [];
  for await (const item of items) {
    if (list.length === limit) return { list, truncated: true };
    list.push(item);
  }
  return { list, truncated: false };
}

/** What a well-behaved registry always sends. */
export function required<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new CpralError('INTERNAL', `expected ${name} in the registry's answer, got none`);
  return value;
}
