// The bus between processes: NATS JetStream, on streams that are made and mended from here.
import { CpralError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { type Bus, MAX_WAITING_MESSAGES } from '../bus.ts';
import { natsEvents } from './events.ts';
import { openLink } from './link.ts';
import type { NatsAddress } from './nats-url.ts';
import { WORK_STREAM } from './topology.ts';
import { natsWork } from './work.ts';

export interface NatsBusOptions extends NatsAddress {
  readonly log: Log;
  readonly maxMessages?: number;
}

/** Connects in the background: until then publishing throws UNAVAILABLE, and consumers wait. */
export function natsBus({ log, maxMessages = MAX_WAITING_MESSAGES, ...address }: NatsBusOptions): Bus {
  const topology = { replicas: address.replicas, ackWaitMs: address.ackWaitMs, maxWorkMessages: maxMessages };
  const link = openLink(address, topology, log);
  return {
    ...natsWork(link, topology, log),
    ...natsEvents(link, log),
    async check() {
      await link
        .session()
        .manager.streams.info(WORK_STREAM)
        .catch((cause) => {
          throw new CpralError('UNAVAILABLE', 'NATS does not answer', { cause });
        });
    },
    close: () => link.close(),
  };
}
