// The metrics of this process, in Prometheus' names: docs/observability.md has the table. Counting costs nanoseconds; what is counted is
// served only where telemetry.ts is told to.
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Whatever can be asked for metrics in Prometheus' text format. */
export interface MetricSource {
  metrics(): Promise<string>;
}

const own = new Registry();
const registers = [own];
const sources = new Set<MetricSource>([own]);

export const grpcServerRequestSeconds = new Histogram({
  name: 'cpral_grpc_server_request_seconds',
  help: 'Seconds from a call to its end, by method and status code',
  labelNames: ['method', 'code'],
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60],
  registers,
});

export const httpRequestSeconds = new Histogram({
  name: 'cpral_http_request_seconds',
  help: 'Seconds from a request of the label tool to the end of its answer, by route and status; event streams last as long as somebody looks',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60],
  registers,
});

export const workItemSeconds = new Histogram({
  name: 'cpral_work_item_seconds',
  help: 'Seconds of computing of each work item that was committed; without the time that it waited',
  labelNames: ['kind'],
  buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 21_600],
  registers,
});

export const imagesTotal = new Counter({
  name: 'cpral_images_total',
  help: 'Images of the shards that were committed; a training is no shard and counts none',
  labelNames: ['kind'],
  registers,
});

export const workRetriesTotal = new Counter({
  name: 'cpral_work_retries_total',
  help: 'Work items that were handed back to be tried again: they failed, their lease expired, or their worker released them',
  labelNames: ['kind', 'reason'],
  registers,
});

export const trainingStepSeconds = new Histogram({
  name: 'cpral_training_step_seconds',
  help: 'Seconds of one training step, with the wait for its batch',
  buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  registers,
});

/** Shows what a function says whenever somebody looks. */
export function observedGauge(name: string, help: string, read: () => number | Promise<number>): MetricSource {
  const registry = new Registry();
  new Gauge({
    name,
    help,
    registers: [registry],
    async collect() {
      this.set(await read());
    },
  });
  return registry;
}

/** Serves a source beside the process's own metrics until it is taken away. */
export function exposeMetrics(source: MetricSource): () => void {
  sources.add(source);
  return () => sources.delete(source);
}

export async function allMetrics(): Promise<string> {
  return (await Promise.all([...sources].map((source) => source.metrics()))).join('\n');
}

/** Content-Type of the text. */
export const METRICS_CONTENT_TYPE = own.contentType;
