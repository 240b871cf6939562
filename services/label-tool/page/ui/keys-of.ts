// Which keys an event means, as they are written.

/** What of a keyboard event says so. */
export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

const NAMED: Readonly<Record<string, string>> = {
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
  ArrowUp: 'Up',
  ArrowDown: 'Down',
  ' ': 'Space',
};

/** @returns the keys of an event as a binding writes them. Shift is named where the key does not already say it */
export function keysOf(event: KeyPress): string {
  const digit = /^Digit(\d)$/.exec(event.code)?.[1];
  const isLetter = /^[a-z]$/i.test(event.key);
  const key = digit ?? NAMED[event.key] ?? (isLetter ? event.key.toUpperCase() : event.key);
  const saysShift = !digit && !isLetter && event.key.length === 1 && event.key !== ' ';
  return [
    event.ctrlKey || event.metaKey ? 'Ctrl+' : '',
    event.altKey ? 'Alt+' : '',
    event.shiftKey && !saysShift ? 'Shift+' : '',
    key,
  ].join('');
}
