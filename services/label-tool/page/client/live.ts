// Server-sent events that stay open. The browser connects again by itself after a broken connection, but not after a refusal: we do.
import { type Signal, signal } from '@preact/signals';

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;

export type LiveState = 'connecting' | 'live' | 'lost' | 'ended';

export interface Live {
  readonly state: Signal<LiveState>;
  close(): void;
}

/** @param handlers by the event's name; each gets its data. After an event `end` nothing more comes. */
export function openLive(url: string, handlers: Readonly<Record<string, (data: never) => void>>): Live {
  const state = signal<LiveState>('connecting');
  let source: EventSource;
  let timer: ReturnType<typeof setTimeout>;
  let retryMs = FIRST_RETRY_MS;
  const connect = () => {
    source = new EventSource(url);
    source.onopen = () => {
      state.value = 'live';
      retryMs = FIRST_RETRY_MS;
    };
    source.onerror = () => {
      state.value = 'lost';
      if (source.readyState !== EventSource.CLOSED) return;
      timer = setTimeout(connect, retryMs);
      retryMs = Math.min(LONGEST_RETRY_MS, retryMs * 2);
    };
    for (const [name, handle] of Object.entries(handlers))
      source.addEventListener(name, ({ data }: MessageEvent<string>) => handle(JSON.parse(data) as never));
    source.addEventListener('end', () => {
      source.close();
      state.value = 'ended';
    });
  };
  connect();
  return {
    state,
    close() {
      clearTimeout(timer);
      source.close();
    },
  };
}
