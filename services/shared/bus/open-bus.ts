// The bus that a URL names.
import type { Log } from '../log.ts';
import type { Bus } from './bus.ts';
import { memoryBus } from './memory-bus.ts';
import { natsBus } from './nats/nats-bus.ts';
import { readNatsUrl } from './nats/nats-url.ts';

/** @param url nats://HOST:PORT[,HOST:PORT...]; undefined: a bus inside this process */
export function openBus(url: string | undefined, log: Log): Bus {
  return url === undefined ? memoryBus() : natsBus({ ...readNatsUrl(url), log });
}
