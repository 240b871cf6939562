// The bus that a URL names.
import type { Log } from '../log.ts';
import { exposeMetrics, observedGauge } from '../telemetry/metrics.ts';
import type { Bus } from './bus.ts';
import { memoryBus } from './memory-bus.ts';
import { natsBus } from './nats/nats-bus.ts';
import { readNatsUrl } from './nats/nats-url.ts';

/** @param url nats://HOST:PORT[,HOST:PORT...]; undefined: a bus inside this process */
export function openBus(url: string | undefined, log: Log): Bus {
  const bus = url === undefined ? memoryBus() : natsBus({ ...readNatsUrl(url), log });
  const connected = () =>
    bus.check().then(
      () => 1,
      () => 0,
    );
  const hide = exposeMetrics(observedGauge('cpral_bus_connected', 'Whether the bus answers: 1 or 0', connected));
  return {
    ...bus,
    async close() {
      hide();
      await bus.close();
    },
  };
}
