// One sentence about what was just done, for a moment.
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

const NOTICE_MS = 6_000;

const notice = signal('');

export function say(sentence: string): void {
  notice.value = sentence;
}

export function Notice() {
  const { value } = notice;
  useEffect(() => {
    if (!value) return undefined;
    const timer = setTimeout(() => say(''), NOTICE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return (
    <div class={value ? 'notice shown' : 'notice'} role="status" aria-live="polite">
      {value}
    </div>
  );
}
