// Every key of the page, in one table: what the keyboard does and what the help says cannot differ.
import { keysOf } from './keys-of.ts';

export interface Binding {
  /** As it is written: Ctrl+Z, Shift+L, 1, ?. The first is the one that is named. */
  readonly keys: readonly string[];
  readonly does: string;
  /** What the help writes in place of the key, for keys that belong together; empty where another of them speaks for it. */
  readonly written?: string;
  readonly group: string;
  run(): void;
  /** While it is held: what happens when it is let go. */
  released?(): void;
}

/** Where a key belongs to what has the focus. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.matches('textarea, select, input:not([type=checkbox], [type=radio], [type=range])')
  );
}

/** Buttons are pressed by these, sliders and choices moved by the arrows. */
const KEYS_OF_CONTROLS = new Set(['Space', 'Enter', 'Left', 'Right', 'Up', 'Down']);

function belongsToControl(target: EventTarget | null, keys: string): boolean {
  return target instanceof HTMLElement && target.matches('button, input, a') && KEYS_OF_CONTROLS.has(keys);
}

/** @param bindings asked anew for each key @returns a function that stops listening */
export function listenToKeys(bindings: () => readonly Binding[]): () => void {
  const control = new AbortController();
  const held = new Map<string, Binding>();
  const down = (event: KeyboardEvent) => {
    const keys = keysOf(event);
    if (document.querySelector('dialog[open]') || isTyping(event.target) || belongsToControl(event.target, keys))
      return;
    const binding = bindings().find((candidate) => candidate.keys.includes(keys));
    if (!binding) return;
    event.preventDefault();
    if (binding.released) held.set(event.key, binding);
    binding.run();
  };
  const up = (event: KeyboardEvent) => {
    held.get(event.key)?.released?.();
    held.delete(event.key);
  };
  addEventListener('keydown', down, { signal: control.signal });
  addEventListener('keyup', up, { signal: control.signal });
  addEventListener(
    'blur',
    () => {
      for (const binding of held.values()) binding.released?.();
      held.clear();
    },
    { signal: control.signal },
  );
  return () => control.abort();
}
