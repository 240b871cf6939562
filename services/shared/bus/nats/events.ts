// Events through JetStream: each kept once by its id, readable by whoever comes later.
import { DeliverPolicy } from '@nats-io/jetstream';
import type { Log } from '../../log.ts';
import type { Bus } from '../bus.ts';
import { fromMessage, toHeaders } from './cloud-event.ts';
import type { Link } from './link.ts';
import { EVENT_STREAM, eventSubject } from './topology.ts';
import { withStreams } from './work.ts';

type Events = Pick<Bus, 'publishEvent' | 'subscribe'>;

export function natsEvents(link: Link, log: Log): Events {
  return {
    async publishEvent(event) {
      const options = { msgID: event.id, headers: toHeaders(event) };
      const payload = JSON.stringify(event.data);
      await withStreams(link, () => link.session().client.publish(eventSubject(event.type), payload, options));
    },

    async subscribe(handler) {
      const { client } = (await link.connected(new AbortController().signal)) ?? link.session();
      const consumer = await client.consumers.get(EVENT_STREAM, { deliver_policy: DeliverPolicy.New });
      const messages = await consumer.consume();
      const done = (async () => {
        for await (const message of messages) handler(fromMessage(message));
      })().catch((error) => log.error({ err: error }, 'NATS: subscription ended'));
      return {
        async close() {
          await messages.close();
          await done;
        },
      };
    },
  };
}
