// What the environment says about telemetry: OpenTelemetry's own variables for traces, one of ours for metrics. Both are off by default.
import type { Environment } from '../environment.ts';
import { invalid } from '../errors.ts';

const ADDRESS = /^\S+:\d{1,5}$/;
/** What we export by; collectors take it at port 4318. */
const PROTOCOL = 'http/protobuf';

const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

export interface TelemetryConfig {
  /** host:port on which metrics are served; undefined: nowhere. */
  readonly metricsListen: string | undefined;
  /** Undefined: no traces. The exporter reads address, headers and limits from the environment itself. */
  readonly traces: TracesConfig | undefined;
}

export interface TracesConfig {
  readonly sampler: (typeof SAMPLERS)[number];
  /** The share of traces that is kept, where the sampler goes by it. */
  readonly ratio: number;
}

/** @throws INVALID_ARGUMENT naming the variable */
export function readTelemetryConfig(environment: Environment): TelemetryConfig {
  return { metricsListen: readMetricsListen(environment), traces: readTraces(environment) };
}

function readMetricsListen({ CPRAL_METRICS_LISTEN: listen }: Environment): string | undefined {
  if (!listen) return undefined;
  if (!ADDRESS.test(listen)) throw wrong('CPRAL_METRICS_LISTEN', 'host:port', listen);
  return listen;
}

function readTraces(environment: Environment): TracesConfig | undefined {
  const endpoint = environment.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || environment.OTEL_EXPORTER_OTLP_ENDPOINT;
  const isOff = environment.OTEL_SDK_DISABLED?.toLowerCase() === 'true' || environment.OTEL_TRACES_EXPORTER === 'none';
  if (!endpoint || isOff) return undefined;
  for (const name of ['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', 'OTEL_EXPORTER_OTLP_PROTOCOL']) {
    if (environment[name] && environment[name] !== PROTOCOL) throw wrong(name, PROTOCOL, environment[name]);
  }
  return {
    sampler: readSampler(environment.OTEL_TRACES_SAMPLER),
    ratio: readRatio(environment.OTEL_TRACES_SAMPLER_ARG),
  };
}

function readSampler(name = ''): TracesConfig['sampler'] {
  if (name === '') return 'parentbased_always_on';
  const sampler = SAMPLERS.find((each) => each === name);
  if (!sampler) throw wrong('OTEL_TRACES_SAMPLER', `one of ${SAMPLERS.join(', ')}`, name);
  return sampler;
}

function readRatio(text = ''): number {
  const ratio = text === '' ? 1 : Number(text);
  if (!(ratio >= 0 && ratio <= 1)) throw wrong('OTEL_TRACES_SAMPLER_ARG', 'a number from 0 to 1', text);
  return ratio;
}

function wrong(field: string, expected: string, got: string) {
  return invalid(`${field}: expected ${expected}, got "${got}"`, { field });
}
