// An event as a CloudEvent 1.0 in NATS binary mode: attributes in headers, the data as the payload.
// https://github.com/cloudevents/spec/blob/main/cloudevents/bindings/nats-protocol-binding.md
import { headers, type MsgHdrs } from '@nats-io/transport-node';
import type { BusEvent } from '../bus.ts';

/** All events come from the registry. */
const SOURCE = '/cpral/pool-registry';
const TRACE_HEADER = 'traceparent';

export function toHeaders({ id, type, subject, time, traceparent }: BusEvent): MsgHdrs {
  const attributes = {
    'ce-specversion': '1.0',
    'ce-id': id,
    'ce-source': SOURCE,
    'ce-type': type,
    'ce-subject': subject,
    'ce-time': time.toISOString(),
    'content-type': 'application/json',
    ...(traceparent && { [TRACE_HEADER]: traceparent }),
  };
  const result = headers();
  for (const [name, value] of Object.entries(attributes)) result.set(name, escaped(value));
  return result;
}

export function fromMessage(message: { headers?: MsgHdrs | undefined; data: Uint8Array }): BusEvent {
  const read = (name: string) => decodeURIComponent(message.headers?.get(name) ?? '');
  const traceparent = read(TRACE_HEADER);
  return {
    id: read('ce-id'),
    type: read('ce-type'),
    subject: read('ce-subject'),
    time: new Date(read('ce-time')),
    ...(traceparent && { traceparent }),
    data: JSON.parse(Buffer.from(message.data).toString()) as unknown,
  };
}

/** As the binding asks: all but printable ASCII, and the space, the quote and the percent sign. */
function escaped(value: string): string {
  return value.replace(/[^\x21\x23\x24\x26-\x7e]/gu, (character) => encodeURIComponent(character));
}
