// Keeps a draft: in the browser at once, on the server a moment later, and again until the server has it.
import { type Signal, signal } from '@preact/signals';
import { Refused, Unreachable } from '../client/request.ts';

/** offline: the browser has it; unsafe: nobody has it but this page. */
export type SaveState = 'saved' | 'saving' | 'offline' | 'unsafe' | 'conflict' | 'lost' | 'failed';

/** Strokes that follow each other make one request. */
const QUIET_MS = 800;
const FIRST_RETRY_MS = 1_500;
const LONGEST_RETRY_MS = 20_000;

export interface AutosavePorts {
  /** Writes into the browser. @param sent whether the server has the same */
  keep(sent: boolean): Promise<void>;
  /** Sends to the server. @throws what the client throws */
  send(): Promise<void>;
}

export interface Autosave {
  readonly state: Signal<SaveState>;
  changed(): void;
  /** Sends at once. @returns whether the server has everything now */
  flush(): Promise<boolean>;
  /** After a conflict was settled, or the network is back. */
  again(): void;
  stop(): void;
}

export function createAutosave(ports: AutosavePorts, first: SaveState): Autosave {
  const state = signal<SaveState>(first);
  let version = 0;
  let sentVersion = first === 'saved' ? 0 : -1;
  let retryMs = FIRST_RETRY_MS;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;
  let isKept = true;
  let sending: Promise<void> | undefined;

  const keep = async (sent: boolean) => {
    isKept = await ports.keep(sent).then(
      () => true,
      () => false,
    );
    if (!isKept && state.value === 'offline') state.value = 'unsafe';
  };
  const later = (ms: number) => {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(() => void attempt(), ms);
  };
  const attempt = async () => {
    clearTimeout(timer);
    // One at a time: what changed meanwhile goes after it.
    sending ??= sendOnce().finally(() => {
      sending = undefined;
    });
    await sending;
  };
  const sendOnce = async () => {
    const going = version;
    state.value = 'saving';
    try {
      await ports.send();
      sentVersion = going;
      retryMs = FIRST_RETRY_MS;
      if (version !== going) return later(QUIET_MS);
      state.value = 'saved';
      await keep(true);
    } catch (error) {
      const after = stateAfter(error);
      state.value = after === 'offline' && !isKept ? 'unsafe' : after;
      if (after !== 'offline') return;
      later(retryMs);
      retryMs = Math.min(LONGEST_RETRY_MS, retryMs * 2);
    }
  };
  const autosave: Autosave = {
    state,
    changed() {
      version++;
      void keep(false);
      if (state.value === 'conflict' || state.value === 'lost') return;
      if (state.value !== 'offline' && state.value !== 'unsafe') state.value = 'saving';
      later(QUIET_MS);
    },
    async flush() {
      for (let tries = 0; sentVersion !== version && tries < 2; tries++) await attempt();
      return sentVersion === version;
    },
    again() {
      sentVersion = -1;
      retryMs = FIRST_RETRY_MS;
      void attempt();
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
  return autosave;
}

function stateAfter(error: unknown): SaveState {
  if (error instanceof Unreachable) return 'offline';
  if (!(error instanceof Refused)) throw error;
  if (error.problem.status === 412) return 'conflict';
  if (error.problem.status === 409) return 'lost';
  return error.problem.status >= 500 ? 'offline' : 'failed';
}
