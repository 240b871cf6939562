// A collector of traces as OpenTelemetry's exporters find one: OTLP over HTTP in protobuf, kept in memory.
// https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto has the field numbers.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

export interface CollectedSpan {
  readonly service: string;
  readonly pid: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for the first span of a trace. */
  readonly parentId: string;
  readonly name: string;
  readonly kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  readonly attributes: Readonly<Record<string, string>>;
  /** Traces that the span is linked to. */
  readonly links: readonly string[];
  readonly failed: boolean;
}

export interface Collector {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly endpoint: string;
  readonly spans: readonly CollectedSpan[];
  /** Resolves once the spans so far satisfy the condition; a test that waits in vain fails by its time limit. */
  until(condition: (spans: readonly CollectedSpan[]) => boolean): Promise<void>;
  close(): Promise<void>;
}

export async function startCollector(): Promise<Collector> {
  const spans: CollectedSpan[] = [];
  const waiting = new Set<() => void>();
  const server = createServer(async (request, response) => {
    if (request.url !== '/v1/traces') return void response.writeHead(404).end();
    spans.push(...readRequest(await buffer(request)));
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
    for (const check of waiting) check();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    until(condition) {
      return new Promise((resolve) => {
        const check = () => {
          if (!condition(spans)) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      });
    },
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

const KINDS = ['internal', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
const STATUS_ERROR = 2;

function readRequest(bytes: Uint8Array): CollectedSpan[] {
  return messages(bytes, 1).flatMap((resourceSpans) => {
    const resource = readAttributes(messages(resourceSpans, 1)[0] ?? new Uint8Array(), 1);
    const spans = messages(resourceSpans, 2).flatMap((scopeSpans) => messages(scopeSpans, 2));
    return spans.map((span) => readSpan(span, resource));
  });
}

function readSpan(span: Uint8Array, resource: Record<string, string>): CollectedSpan {
  const hex = (field: number) => Buffer.from(messages(span, field)[0] ?? []).toString('hex');
  const status = messages(span, 15)[0] ?? new Uint8Array();
  return {
    service: resource['service.name'] ?? '',
    pid: resource['process.pid'] ?? '',
    traceId: hex(1),
    spanId: hex(2),
    parentId: hex(4),
    name: text(span, 5),
    kind: KINDS[number(span, 6)] ?? 'internal',
    attributes: readAttributes(span, 9),
    links: messages(span, 13).map((link) => Buffer.from(messages(link, 1)[0] ?? []).toString('hex')),
    failed: number(status, 3) === STATUS_ERROR,
  };
}

function readAttributes(message: Uint8Array, field: number): Record<string, string> {
  return Object.fromEntries(
    messages(message, field).map((pair) => {
      const value = messages(pair, 2)[0] ?? new Uint8Array();
      return [text(pair, 1), text(value, 1) || `${number(value, 3)}`];
    }),
  );
}

function text(message: Uint8Array, field: number): string {
  return Buffer.from(messages(message, field)[0] ?? []).toString();
}

function messages(message: Uint8Array, field: number): Uint8Array[] {
  return fields(message).flatMap(([no, value]) => (no === field && value instanceof Uint8Array ? [value] : []));
}

function number(message: Uint8Array, field: number): number {
  const [, value] = fields(message).find(([no]) => no === field) ?? [];
  return typeof value === 'number' ? value : 0;
}

function fields(message: Uint8Array): [number: number, value: Uint8Array | number | undefined][] {
  const reader = new BinaryReader(message);
  const found: [number, Uint8Array | number | undefined][] = [];
  while (reader.pos < reader.len) {
    const [no, type] = reader.tag();
    if (type === WireType.LengthDelimited) found.push([no, reader.bytes()]);
    else if (type === WireType.Varint) found.push([no, Number(reader.uint64())]);
    else {
      reader.skip(type);
      found.push([no, undefined]);
    }
  }
  return found;
}
