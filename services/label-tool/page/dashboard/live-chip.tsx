import type { LiveState } from '../client/live.ts';

const TEXT: Readonly<Record<LiveState, { readonly text: string; readonly tone: string; readonly title: string }>> = {
  connecting: { text: 'Connecting', tone: 'calm', title: 'The numbers are those of a moment ago' },
  live: { text: 'Live', tone: 'good', title: 'The numbers follow the server' },
  lost: { text: 'Connection lost', tone: 'warn', title: 'The numbers are the last that came; the page keeps trying' },
  ended: { text: 'Complete', tone: 'calm', title: 'It has ended: the numbers will not change' },
};

export function LiveChip({ state }: { readonly state: LiveState }) {
  const { text, tone, title } = TEXT[state];
  return (
    <span class={`chip ${tone}`} role="status" title={title}>
      <span class={`dot ${state}`} />
      {text}
    </span>
  );
}
