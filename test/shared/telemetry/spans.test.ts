import { afterEach, describe, expect, it } from 'vitest';
import { CpralError } from '../../../services/shared/errors.ts';
import { lineIds, withLogIds } from '../../../services/shared/telemetry/log-ids.ts';
import { continuing, inSpan, linkToNow, traceparentNow, unrecorded } from '../../../services/shared/telemetry/spans.ts';
import { startTracing, type Tracing } from '../../../services/shared/telemetry/tracing.ts';
import { type Collector, startCollector } from '../../support/collector.ts';

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
let tracing: Tracing | undefined;
let collector: Collector | undefined;

async function start(sampler: 'parentbased_always_on' | 'parentbased_always_off'): Promise<Collector> {
  collector = await startCollector();
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = collector.endpoint;
  tracing = await startTracing('test', { sampler, ratio: 1 });
  return collector;
}
afterEach(async () => {
  await tracing?.close();
  await collector?.close();
  [tracing, collector] = [undefined, undefined];
  delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT;
});

describe('where nothing is traced', () => {
  it('work runs as it is, and nothing is carried on', async () => {
    const result = await inSpan('work', {}, async () => [traceparentNow(), linkToNow(), unrecorded(() => 7)]);
    expect(result).toEqual([undefined, undefined, 7]);
    expect(continuing(TRACEPARENT, traceparentNow)).toBe(undefined);
    expect(lineIds()).toEqual({});
  });

  it('log lines have the ids of their work all the same', async () => {
    const ids = await withLogIds({ item: 'a', worker: 'w' }, async () => {
      await Promise.resolve();
      return withLogIds({ cycle: 2 }, lineIds);
    });
    expect(ids).toEqual({ item: 'a', worker: 'w', cycle: 2 });
  });
});

describe('a trace', () => {
  it('goes on from a traceparent, and tells of failures', async () => {
    const { spans } = await start('parentbased_always_on');
    const failing = continuing(TRACEPARENT, () =>
      inSpan('work', {}, async () => {
        throw new CpralError('NOT_FOUND', 'nothing there');
      }),
    );
    await expect(failing).rejects.toThrow('nothing there');
    await tracing?.flush();
    expect(spans).toHaveLength(1);
    expect(spans[0]).toMatchObject({ parentId: 'b7ad6b7169203331', failed: true, service: 'test' });
    expect(spans[0]?.traceId).toBe('0af7651916cd43dd8448eb211c80319c');
    expect(spans[0]?.attributes['error.type']).toBe('NOT_FOUND');
  });

  it('leaves out what nobody needs, here and in whoever is called', async () => {
    const { spans } = await start('parentbased_always_on');
    const carried = await inSpan('work', {}, () => unrecorded(() => inSpan('beat', {}, async () => traceparentNow())));
    await tracing?.flush();
    expect(spans.map(({ name }) => name)).toEqual(['work']);
    expect(carried).toMatch(new RegExp(`^00-${spans[0]?.traceId}-[0-9a-f]{16}-00$`));
  });

  it('is not begun where the sampler keeps none, but one that others began goes on', async () => {
    const { spans } = await start('parentbased_always_off');
    await inSpan('ours', {}, async () => {});
    await continuing(TRACEPARENT, () => inSpan('theirs', {}, async () => {}));
    await tracing?.flush();
    expect(spans.map(({ name }) => name)).toEqual(['theirs']);
  });

  it('of an end whose collector is gone is lost, and the end comes all the same', async () => {
    const gone = await start('parentbased_always_on');
    await gone.close();
    await inSpan('work', {}, async () => {});
    await tracing?.close();
    tracing = undefined;
    expect(await inSpan('later', {}, async () => traceparentNow())).toBe(undefined);
  });
});
