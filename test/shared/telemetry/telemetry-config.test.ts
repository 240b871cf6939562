import { describe, expect, it } from 'vitest';
import { readTelemetryConfig } from '../../../services/shared/telemetry/telemetry-config.ts';

const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };

describe('telemetry', () => {
  it('is off unless asked for', () => {
    expect(readTelemetryConfig({})).toEqual({ metricsListen: undefined, traces: undefined });
    expect(readTelemetryConfig({ CPRAL_METRICS_LISTEN: '', OTEL_EXPORTER_OTLP_ENDPOINT: '' }).traces).toBe(undefined);
  });

  it('serves metrics where CPRAL_METRICS_LISTEN says', () => {
    expect(readTelemetryConfig({ CPRAL_METRICS_LISTEN: '0.0.0.0:9464' }).metricsListen).toBe('0.0.0.0:9464');
  });

  it('traces everything where a collector is named, for all signals or for traces', () => {
    const everything = { sampler: 'parentbased_always_on', ratio: 1 };
    expect(readTelemetryConfig(endpoint).traces).toEqual(everything);
    expect(readTelemetryConfig({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://a/v1/traces' }).traces).toEqual(
      everything,
    );
  });

  it('keeps a share of the traces where the sampler says so', () => {
    const sampler = { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.1' };
    expect(readTelemetryConfig({ ...endpoint, ...sampler }).traces).toEqual({
      sampler: 'parentbased_traceidratio',
      ratio: 0.1,
    });
  });

  it.each([{ OTEL_SDK_DISABLED: 'true' }, { OTEL_TRACES_EXPORTER: 'none' }])('does not trace with %o', (off) => {
    expect(readTelemetryConfig({ ...endpoint, ...off }).traces).toBe(undefined);
  });

  it.each([
    ['CPRAL_METRICS_LISTEN', '9464', 'host:port'],
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc', 'http/protobuf'],
    ['OTEL_TRACES_SAMPLER', 'jaeger_remote', 'always_on'],
    ['OTEL_TRACES_SAMPLER_ARG', '7', '0 to 1'],
  ])('refuses %s=%s', (field, value, expected) => {
    const read = () => readTelemetryConfig({ ...endpoint, [field]: value });
    expect(read).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT', field }));
    expect(read).toThrow(expected);
  });
});
