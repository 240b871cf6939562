// Every field of every request at its edges, one at a time: a clear answer or a clear refusal, and never an error that nobody foresaw.
import { type DescField, type DescMessage, type Message, ScalarType } from '@bufbuild/protobuf';
import { type Client, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callAny, METHODS, type Names, pathOf, requestsOf } from '../support/any-method.ts';
import { startTestRegistry, type TestRegistry } from '../support/registry.ts';
import { importDataset, runCampaign, tinyDataset } from '../support/tiny-dataset.ts';

const FAULTS = ['INTERNAL', 'UNKNOWN', 'DATA_LOSS', 'UNIMPLEMENTED', 'DEADLINE_EXCEEDED'];
/** Each is of this registry, and none of them changes what the others are asked about. */
const ASKED = METHODS.filter(({ parent }) => /\.(PoolRegistry|Operations|Access|WorkQueue)$/.test(parent.typeName));
let test: TestRegistry;
let names: Names;

beforeAll(async () => {
  test = await startTestRegistry();
  test.startWorkers();
  const { datasetId } = await importDataset(test.registry, tinyDataset());
  const { campaignId, operationId } = await runCampaign(test.registry, datasetId, { cycles: 2 });
  const itemId = `${campaignId}/0/1/0`;
  const ids = {
    datasetId,
    campaignId,
    operationId,
    itemId,
    itemIds: itemId,
    modelId: `${campaignId}-0`,
    keyId: 'none',
  };
  names = { ids, digest: `sha256/${'0'.repeat(64)}` };
});
afterAll(() => test.close());

const LONG = 'x'.repeat(100_000);
const TEXTS = [
  '',
  '\0',
  'a\0b',
  LONG,
  '../../etc/passwd',
  "'; drop table images; --",
  '\u{1F600}',
  '%',
  '*',
  '_',
  'x_',
  '-1',
];
const TOKENS = [
  [],
  ['x'],
  ['x', 'y'],
  [1, 2, 3],
  [-1],
  ['infinity', 'x'],
  ['2020-01-01', '\0'],
  [1e300, 1e300],
  [LONG],
];
const INTEGERS = [0, 1, -1, 2 ** 31 - 1, -(2 ** 31), 1_000, 1_001];
const DOUBLES = [0, -0, -1, Number.NaN, Infinity, -Infinity, Number.MIN_VALUE, Number.MAX_VALUE, 1e-300, 0.5];
const LONGS = [0n, 1n, -1n, 2n ** 63n - 1n, -(2n ** 63n)];

function edgesOf(field: DescField): unknown[] {
  if (field.fieldKind === 'enum') return [0, 1, 99, -1, 2 ** 31 - 1];
  if (field.fieldKind !== 'scalar') return [];
  if (field.name === 'page_token') return TOKENS.map(tokenOf).concat(TEXTS);
  if (field.scalar === ScalarType.STRING) return TEXTS;
  if (field.scalar === ScalarType.BOOL) return [true, false];
  if (field.scalar === ScalarType.BYTES) return [new Uint8Array(), new Uint8Array(1_000)];
  if (field.scalar === ScalarType.DOUBLE || field.scalar === ScalarType.FLOAT) return DOUBLES;
  const isLong = [ScalarType.INT64, ScalarType.UINT64].includes(field.scalar);
  if (field.scalar === ScalarType.UINT32) return INTEGERS.filter((value) => value >= 0);
  return isLong ? LONGS.filter((value) => field.scalar === ScalarType.INT64 || value >= 0n) : INTEGERS;
}

const tokenOf = (key: unknown) => Buffer.from(JSON.stringify(key)).toString('base64url');

interface Place {
  readonly at: readonly string[];
  readonly field: DescField;
}

/** Of a request that has all its messages, each of its plain fields. */
function placesOf(message: DescMessage, request: Message, at: readonly string[] = []): Place[] {
  return message.fields.flatMap((field): Place[] => {
    const path = [...at, field.localName];
    if (field.fieldKind !== 'message') return field.oneof && field.fieldKind !== 'scalar' ? [] : [{ at: path, field }];
    const inner = (request as unknown as Record<string, Message | undefined>)[field.localName];
    return inner ? placesOf(field.message, inner, path) : [];
  });
}

function changed(request: Message, { at }: Place, value: unknown): Message {
  const copy = structuredClone(request);
  let inner = copy as unknown as Record<string, unknown>;
  for (const name of at.slice(0, -1)) inner = inner[name] as Record<string, unknown>;
  inner[at.at(-1)!] = value;
  return copy;
}

describe('a request', () => {
  it.each(ASKED.map((method) => [pathOf(method), method] as const))(
    'of %s has at none of its edges an answer that nobody foresaw',
    async (_, method) => {
      const requests = requestsOf(method, names);
      const faults: unknown[] = [];
      for (const [nth, request] of requests.entries()) {
        for (const place of placesOf(method.input, request)) {
          for (const edge of edgesOf(place.field)) {
            const sent = requests.map((each, i) => (i === nth ? changed(each, place, edge) : each));
            const { code, said } = await callAny(test.registry as Client, method, sent, 20_000);
            if (FAULTS.includes(code)) faults.push([place.at.join('.'), String(edge).slice(0, 50), code, said]);
          }
        }
      }
      expect(faults).toEqual([]);
    },
  );

  it.each(ASKED.map((method) => [pathOf(method), method] as const))(
    'of %s that is no message ends, and the next one is answered',
    async (path, method) => {
      const broken = [status.UNKNOWN, status.UNAVAILABLE, status.DEADLINE_EXCEEDED];
      for (const bytes of NO_MESSAGES) expect(broken).not.toContain(await sendBytes(path, method.methodKind, bytes));
      const health = METHODS.find(({ name }) => name === 'GetCaller')!;
      expect((await callAny(test.registry as Client, health, requestsOf(health, names))).code).toBe('OK');
    },
  );
});

/** A field that does not end, a group that does not, a length beyond the message, a number that is too long. */
const NO_MESSAGES = ['08', '0b', '0aff7f', '0affffffff0f', 'ffffffffffffffffffff01', '08ffffffffffffffffffffffffff01'];

function sendBytes(path: string, kind: string, hex: string): Promise<number> {
  const same = (bytes: Buffer) => bytes;
  const options = { deadline: Date.now() + 5_000 };
  const bytes = Buffer.from(hex, 'hex');
  const client = test.registry as Client;
  return new Promise((resolve) => {
    const done = (error: { code: number } | null) => resolve(error?.code ?? 0);
    if (kind === 'unary') return void client.makeUnaryRequest(path, same, same, bytes, options, done);
    if (kind === 'client_streaming') {
      const stream = client.makeClientStreamRequest(path, same, same, options, done);
      stream.write(bytes);
      stream.end();
      return;
    }
    const stream = client.makeServerStreamRequest(path, same, same, bytes, options);
    stream.on('error', done as never);
    stream.on('end', () => done(null));
    stream.resume();
  });
}
