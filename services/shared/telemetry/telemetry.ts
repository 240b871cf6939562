// Switches on what the configuration asks for; nothing of it is even loaded otherwise.
import type { TelemetryConfig } from './telemetry-config.ts';

export interface Telemetry {
  /** host:port of the metrics; undefined where they are not served. */
  readonly metricsAddress: string | undefined;
  /** Sends the last spans. */
  close(): Promise<void>;
}

/** To be called before clients are made: they trace where tracing is on by then. */
export async function startTelemetry(service: string, { metricsListen, traces }: TelemetryConfig): Promise<Telemetry> {
  const metrics = metricsListen ? await (await import('./serve-metrics.ts')).serveMetrics(metricsListen) : undefined;
  const tracing = traces ? await (await import('./tracing.ts')).startTracing(service, traces) : undefined;
  return {
    metricsAddress: metrics?.address,
    async close() {
      await metrics?.close();
      await tracing?.close();
    },
  };
}
