// Each service as a process of its own: it starts, says that it is healthy, describes itself, and ends when asked.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { Client, credentials, Metadata, status } from '@grpc/grpc-js';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { AnnotateSpec, OracleClient } from '../../proto/gen/cpral/v1/oracle.ts';
import { LabelOrigin } from '../../proto/gen/cpral/v1/resources.ts';
import { call } from '../../services/shared/grpc/client.ts';
import { decodeMask, encodeMask } from '../../services/shared/images/images.ts';
import { folderObjectStore } from '../../services/shared/objects/folder-object-store.ts';
import { startCollector } from '../support/collector.ts';
import { scrape } from '../support/scrape.ts';

let folder: string;
let child: ChildProcess | undefined;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'cpral-services-'));
});
afterEach(() => child?.kill('SIGKILL'));
afterAll(() => rm(folder, { recursive: true }));

/** @returns the addresses that the service says it listens on, and how it ended when it has */
async function start(service: string, settings: Readonly<Record<string, string>> = {}) {
  const environment = {
    ...process.env,
    CPRAL_LISTEN: '127.0.0.1:0',
    CPRAL_OBJECTS_URL: pathToFileURL(path.join(folder, 'objects')).href,
    CPRAL_DATABASE_URL: `pglite:${path.join(folder, 'database')}`,
    ...settings,
  };
  const running = spawn(process.execPath, [`services/${service}/main.ts`], {
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  child = running;
  const ended = new Promise<number | null>((resolve) => running.once('exit', (code) => resolve(code)));
  const { address, metrics } = await new Promise<{ address: string; metrics?: string }>((resolve, reject) => {
    createInterface({ input: running.stderr }).on('line', (line) => {
      const { address, metrics } = JSON.parse(line) as { address?: string; metrics?: string };
      if (address) resolve({ address, ...(metrics && { metrics }) });
    });
    running.once('exit', (code) => reject(new Error(`${service} ended with ${code}`)));
  });
  return { address, metrics, ended, stop: () => running.kill('SIGTERM') };
}

/** grpc.health.v1.Health/Check of one service; 1 is SERVING. */
function health(address: string, service: string): Promise<number> {
  const client = new Client(address, credentials.createInsecure());
  const name = Buffer.from(service);
  const request = name.length > 0 ? Buffer.concat([Buffer.from([0x0a, name.length]), name]) : Buffer.alloc(0);
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      '/grpc.health.v1.Health/Check',
      (bytes: Buffer) => bytes,
      (bytes: Buffer) => bytes,
      request,
      { deadline: Date.now() + 5_000 },
      (error, response) => {
        client.close();
        if (error) reject(error);
        else resolve(response?.[1] ?? 0);
      },
    );
  });
}

describe('as a process of its own', () => {
  it.each([
    ['pool-registry', 'cpral.v1.PoolRegistry'],
    ['trainer', 'cpral.v1.Trainer'],
    ['panoptic-scorer', 'cpral.v1.PanopticScorer'],
    ['region-selector', 'cpral.v1.RegionSelector'],
    ['label-extender', 'cpral.v1.LabelExtender'],
    ['oracle', 'cpral.v1.Oracle'],
  ])('%s serves, is healthy, and ends with code 0 on SIGTERM', async (service, name) => {
    const { address, ended, stop } = await start(service);
    // Those that need TensorFlow are ready once it is loaded.
    await vi.waitFor(async () => expect(await health(address, '')).toBe(1), { timeout: 60_000, interval: 200 });
    expect(await health(address, name)).toBe(1);
    stop();
    expect(await ended).toBe(0);
  });

  it('serves metrics where it is told to', async () => {
    const { metrics } = await start('oracle', { CPRAL_METRICS_LISTEN: '127.0.0.1:0' });
    expect((await scrape(metrics)).get('cpral_compute_child_resident_bytes')).toBe(0);
  });

  it('serves none where it is not', async () => {
    expect((await start('oracle')).metrics).toBe(undefined);
  });

  it('traces a call in the trace of its caller, and sends the last spans when it ends', async () => {
    const collector = await startCollector();
    try {
      const { address, ended, stop } = await start('oracle', { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint });
      const client = new OracleClient(address, credentials.createInsecure());
      const metadata = new Metadata();
      metadata.set('traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01');
      const refused = new Promise((resolve) => client.annotate({ spec: undefined }, metadata, resolve));
      expect(await refused).toMatchObject({ code: status.INVALID_ARGUMENT });
      client.close();
      stop();
      expect(await ended).toBe(0);
      expect(collector.spans).toMatchObject([
        {
          service: 'oracle',
          name: 'cpral.v1.Oracle/Annotate',
          kind: 'server',
          traceId: '0af7651916cd43dd8448eb211c80319c',
          parentId: 'b7ad6b7169203331',
          attributes: { 'rpc.status_code': 'INVALID_ARGUMENT' },
          // The caller's fault is no fault of the server's.
          failed: false,
        },
      ]);
    } finally {
      await collector.close();
    }
  });

  it('the oracle answers a program that brings its images inline', async () => {
    const { address } = await start('oracle');
    const client = new OracleClient(address, credentials.createInsecure());
    const size = { height: 4, width: 6 };
    const truth = await encodeMask({ ...size, data: Uint8Array.from({ length: 24 }, (_, i) => i % 3) });
    const task = {
      imageId: 'mine',
      groundTruth: { source: { $case: 'inline' as const, value: truth } },
      classes: undefined,
      origins: undefined,
      windows: [{ top: 1, left: 2, height: 2, width: 3 }],
      answers: [],
    };
    const spec = {
      ...AnnotateSpec.fromPartial({ size, classCount: 3, origin: LabelOrigin.LABEL_ORIGIN_ORACLE }),
      tasks: [task],
    };
    const { result } = await call(client.annotate.bind(client), { spec }, { deadlineMs: 20_000 });
    client.close();

    const [label] = result?.labels ?? [];
    expect(label).toMatchObject({ imageId: 'mine', labelledPixels: 6n, voidPixels: 0n });
    const objects = folderObjectStore(path.join(folder, 'objects'));
    const { data } = await decodeMask(await objects.get(label!.masks!.classes!));
    const expected = Array.from({ length: 24 }, (_, i) => {
      const [y, x] = [Math.floor(i / 6), i % 6];
      return y >= 1 && y < 3 && x >= 2 && x < 5 ? i % 3 : 255;
    });
    expect([...data]).toEqual(expected);
  });
});
