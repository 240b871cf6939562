// Something that the server has, as the page knows it: on its way, refused, or there. What is there stays while it is asked for again.
import { type Signal, signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { describeError } from './describe-error.ts';

export type Loaded<Value> =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'ready'; readonly value: Value };

export interface Resource<Value> {
  readonly state: Signal<Loaded<Value>>;
  reload(): Promise<void>;
  /** Takes a value that came another way. */
  set(value: Value): void;
}

/** @param inputs what the call depends on: when one changes, it is made anew, and an answer to the old one is dropped */
export function useResource<Value>(load: () => Promise<Value>, inputs: readonly unknown[]): Resource<Value> {
  const resource = useMemo(() => createResource(load), inputs);
  useEffect(() => void resource.reload(), [resource]);
  return resource;
}

function createResource<Value>(load: () => Promise<Value>): Resource<Value> {
  const state = signal<Loaded<Value>>({ kind: 'loading' });
  let latest = 0;
  return {
    state,
    async reload() {
      const call = ++latest;
      if (state.value.kind === 'failed') state.value = { kind: 'loading' };
      try {
        const value = await load();
        if (call === latest) state.value = { kind: 'ready', value };
      } catch (error) {
        if (call === latest) state.value = { kind: 'failed', message: describeError(error) };
      }
    },
    set(value) {
      latest++;
      state.value = { kind: 'ready', value };
    },
  };
}
