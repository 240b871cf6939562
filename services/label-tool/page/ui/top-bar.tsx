// Where the annotator is: campaign, queue, how safe the work is, until when the region is theirs.
import { useEffect, useState } from 'preact/hooks';
import type { SaveState } from '../work/autosave.ts';
import type { Session } from '../work/session.ts';
import type { Work } from '../work/work.ts';
import { Icon } from './icons.tsx';

const SAVE_TEXT: Readonly<Record<SaveState, { readonly text: string; readonly tone: string }>> = {
  saved: { text: 'Saved', tone: 'good' },
  saving: { text: 'Saving', tone: 'calm' },
  offline: { text: 'Offline, kept here', tone: 'warn' },
  unsafe: { text: 'Not saved, keep this page open', tone: 'bad' },
  conflict: { text: 'Changed elsewhere', tone: 'bad' },
  lost: { text: 'Lease lost, kept here', tone: 'bad' },
  failed: { text: 'Not accepted, kept here', tone: 'bad' },
};

export interface TopBarProps {
  readonly work: Work;
  readonly session: Session;
  readonly help: () => void;
}

export function TopBar({ work, session, help }: TopBarProps) {
  const { task } = work;
  const { text, tone } = SAVE_TEXT[work.autosave.state.value];
  return (
    <header class="top-bar">
      <a class="home" href="#/" aria-label="All campaigns" title="Give the region back and go to the campaigns">
        <img src="./icon.svg" alt="" width="26" height="26" />
      </a>
      <div class="where">
        <strong>{task.campaignId}</strong>
        <span class="quiet">
          Cycle {task.cycle} · {task.imageId}
        </span>
      </div>
      <span class="grow" />
      <span class="chip" title="Regions of this campaign that nobody has taken">
        <strong>{task.remaining}</strong> waiting
      </span>
      <LeaseClock work={work} />
      <span class={`chip ${tone}`} role="status" data-save={work.autosave.state.value}>
        <Icon name={tone === 'good' || tone === 'calm' ? 'cloud' : 'warning'} />
        {text}
      </span>
      <button
        type="button"
        class="chip button"
        title="Give the region back and change the name"
        onClick={session.signOut}
      >
        <Icon name="user" />
        {session.annotator.value}
      </button>
      <button type="button" class="square" aria-label="Keys and help" title="Keys and help (?)" onClick={help}>
        <Icon name="help" />
      </button>
    </header>
  );
}

/** Coarse on purpose: it is renewed by itself, and only a lease that cannot be renewed is news. */
function LeaseClock({ work }: { readonly work: Work }) {
  const [nowMs, setNowMs] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  const leftMs = Math.max(0, work.lease.endsAtMs.value - nowMs);
  const minutes = Math.floor(leftMs / 60_000);
  const seconds = Math.floor(leftMs / 1_000) % 60;
  return (
    <span
      class={leftMs < 60_000 ? 'chip warn' : 'chip'}
      title="The region is yours so long; it is renewed while this page is open"
    >
      <Icon name="lock" />
      Yours for {minutes}:{String(seconds).padStart(2, '0')}
    </span>
  );
}
