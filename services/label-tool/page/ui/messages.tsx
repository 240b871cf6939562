// What the page shows while there is nothing to label.
import { useState } from 'preact/hooks';
import { Icon, type IconName } from './icons.tsx';

const LONGEST_NAME = 64;

export function SignIn({ signIn }: { readonly signIn: (name: string) => void }) {
  const [name, setName] = useState('');
  return (
    <main class="message">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim()) signIn(name.trim());
        }}
      >
        <img src="./icon.svg" alt="" width="48" height="48" />
        <h1>Label regions</h1>
        <p>You get one small region of a picture after the other, the most useful for the model first.</p>
        <label class="field">
          Your name
          <input
            type="text"
            required
            maxLength={LONGEST_NAME}
            autocomplete="username"
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="primary large" disabled={!name.trim()}>
          Start
        </button>
        <p class="quiet">Your labels, and what they took you, are kept under this name.</p>
        <a href="#/">All campaigns</a>
      </form>
    </main>
  );
}

export function Loading() {
  return (
    <main class="workbench skeleton" aria-busy="true">
      <h1 class="hidden">Labelling</h1>
      <p class="hidden" role="status">
        Loading the next region
      </p>
      <div class="top-bar" />
      <div class="tool-bar" />
      <div class="skeleton-stage">
        <span class="spinner" />
        <span>The next region is on its way</span>
      </div>
      <div class="side-panel">
        <div class="bone" />
        <div class="bone tall" />
        <div class="bone" />
      </div>
    </main>
  );
}

export function Empty({ lookAgain }: { readonly lookAgain: () => void }) {
  return (
    <Message icon="check" title="Nothing to label right now">
      <p role="status">
        All regions that were asked for are labelled or in somebody’s hands. New ones come when the model has trained;
        this page looks for them by itself.
      </p>
      <button type="button" onClick={lookAgain}>
        Look now
      </button>
    </Message>
  );
}

export function Failed({ message, retry }: { readonly message: string; readonly retry: () => void }) {
  return (
    <Message icon="warning" title="The next region could not be loaded">
      <p role="alert">{message}</p>
      <button type="button" class="primary" onClick={retry}>
        Try again
      </button>
    </Message>
  );
}

interface MessageProps {
  readonly icon: IconName;
  readonly title: string;
  readonly children: preact.ComponentChildren;
}

function Message({ icon, title, children }: MessageProps) {
  return (
    <main class="message">
      <div class="card">
        <span class="badge">
          <Icon name={icon} />
        </span>
        <h1>{title}</h1>
        {children}
        <a href="#/">All campaigns</a>
      </div>
    </main>
  );
}
