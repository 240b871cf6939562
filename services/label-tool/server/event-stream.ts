// Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html) from an async iterable. Written as fast as they are
// read: a client that is slow gets fewer states, not a longer queue, because the next one is only made when the last one is gone.

import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { systemClock } from '../../shared/clock.ts';
import { forThisPerson, personNow } from '../people/person.ts';

export interface ServerEvent {
  readonly event: string;
  readonly data: unknown;
}

/** What a reply has whatever the types of its route. */
interface StreamReply {
  readonly raw: ServerResponse;
  headers(values: Readonly<Record<string, string>>): unknown;
}

/** Well below the minute after which proxies take a silent connection for dead. */
const HEARTBEAT_MS = 15_000;

export interface EventStreamOptions {
  /** Ends all streams. */
  readonly stopping: AbortSignal;
  readonly heartbeatMs?: number;
}

/** @returns what the route sends @param events is told by its signal when the client or the server goes away */
export function eventStream(
  reply: StreamReply,
  events: (signal: AbortSignal) => AsyncIterable<ServerEvent>,
  { stopping, heartbeatMs = HEARTBEAT_MS }: EventStreamOptions,
): Readable {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  const signal = AbortSignal.any([gone.signal, stopping, ...untilSignedOut()]);
  const text = Readable.from(withHeartbeat(forThisPerson(events(signal)), { signal, heartbeatMs }), {
    objectMode: false,
    highWaterMark: 1,
  });
  reply.headers({ 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
  return text;
}

/** Nobody hears longer than they are signed in; a browser that connects again is told so. */
function untilSignedOut(): AbortSignal[] {
  const person = personNow();
  return person ? [AbortSignal.timeout(Math.max(0, person.expiresAtMs - systemClock.now()))] : [];
}

/** A first comment opens the stream at once, whenever the first event comes. */
export async function* withHeartbeat(
  events: AsyncIterable<ServerEvent>,
  { signal, heartbeatMs }: { readonly signal: AbortSignal; readonly heartbeatMs: number },
): AsyncGenerator<string> {
  yield ': open\n\n';
  const iterator = events[Symbol.asyncIterator]();
  let next = iterator.next();
  // It is awaited below, perhaps later than it fails.
  next.catch(() => {});
  try {
    while (!signal.aborted) {
      const beat = Promise.withResolvers<'beat'>();
      const timer = setTimeout(beat.resolve, heartbeatMs, 'beat');
      const end = () => beat.resolve('beat');
      signal.addEventListener('abort', end, { once: true });
      const got = await Promise.race([next, beat.promise]).finally(() => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
      });
      if (signal.aborted) return;
      if (got === 'beat') {
        yield ': beat\n\n';
      } else if (got.done) {
        return;
      } else {
        yield formatEvent(got.value);
        next = iterator.next();
        next.catch(() => {});
      }
    }
  } finally {
    // Not awaited: it may wait for what the signal is only just ending.
    iterator.return?.()?.catch(() => {});
  }
}

/** JSON has no line breaks of its own, so one data line holds it. */
export function formatEvent({ event, data }: ServerEvent): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
