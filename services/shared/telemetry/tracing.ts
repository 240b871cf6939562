// Sets the tracer of this process up: spans go to a collector in batches. Until then, and where it is not asked for, the API that
// spans.ts calls does nothing, and nothing of the SDK is loaded.
import { context, propagation, trace } from '@opentelemetry/api';
import type { Sampler } from '@opentelemetry/sdk-trace';
import type { TracesConfig } from './telemetry-config.ts';

/** What an end waits for a collector that does not answer. */
const SHUTDOWN_LIMIT_MS = 2_000;
const EXPORT_INTERVAL_MS = 1_000;
/** Spans that wait for export; more are dropped, never held. */
const MAX_QUEUED_SPANS = 8_192;

export interface Tracing {
  /** Sends what has ended so far. Does not throw: what cannot be sent is lost. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** @param service service.name of the spans, unless OTEL_SERVICE_NAME says otherwise */
export async function startTracing(service: string, config: TracesConfig): Promise<Tracing> {
  const [sdk, { OTLPTraceExporter }, { AsyncLocalStorageContextManager }, { W3CTraceContextPropagator }, resources] =
    await Promise.all([
      import('@opentelemetry/sdk-trace'),
      import('@opentelemetry/exporter-trace-otlp-proto'),
      import('@opentelemetry/context-async-hooks'),
      import('@opentelemetry/core'),
      import('@opentelemetry/resources'),
    ]);
  const named = resources.resourceFromAttributes({
    'service.name': service,
    'service.namespace': 'cpral',
    'process.pid': process.pid,
  });
  const processor = new sdk.BatchSpanProcessor({
    exporter: new OTLPTraceExporter(),
    scheduledDelayMillis: EXPORT_INTERVAL_MS,
    maxQueueSize: MAX_QUEUED_SPANS,
  });
  const provider = new sdk.TracerProvider({
    resource: named.merge(resources.detectResources({ detectors: [resources.envDetector] })),
    sampler: samplerOf(config, sdk),
    spanProcessors: [processor],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
  return {
    flush: () => processor.forceFlush().catch(() => {}),
    async close() {
      for (const api of [trace, context, propagation]) api.disable();
      const limit = Promise.withResolvers<void>();
      const timer = setTimeout(limit.resolve, SHUTDOWN_LIMIT_MS);
      await Promise.race([provider.shutdown().catch(() => {}), limit.promise]);
      clearTimeout(timer);
    },
  };
}

type Sdk = typeof import('@opentelemetry/sdk-trace');

function samplerOf(
  { sampler, ratio }: TracesConfig,
  { AlwaysOffSampler, AlwaysOnSampler, ParentBasedSampler, TraceIdRatioBasedSampler }: Sdk,
): Sampler {
  const isParentBased = sampler.startsWith('parentbased_');
  const root = sampler.endsWith('always_on')
    ? new AlwaysOnSampler()
    : sampler.endsWith('always_off')
      ? new AlwaysOffSampler()
      : new TraceIdRatioBasedSampler(ratio);
  return isParentBased ? new ParentBasedSampler({ root }) : root;
}
