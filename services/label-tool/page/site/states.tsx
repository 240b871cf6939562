// What stands where data will be, or would be: the same words and looks on every screen.
import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from '../ui/icons.tsx';

/** @param what is on its way, as the beginning of a sentence */
export function Waiting({ what, rows = 3 }: { readonly what: string; readonly rows?: number }) {
  return (
    <div class="waiting" aria-busy="true">
      <p class="hidden" role="status">
        {what} is loading
      </p>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} class="bone" />
      ))}
    </div>
  );
}

export interface FailureProps {
  readonly title: string;
  readonly message: string;
  readonly retry: () => void;
}

export function Failure({ title, message, retry }: FailureProps) {
  return (
    <div class="panel state" role="alert">
      <span class="badge bad">
        <Icon name="warning" />
      </span>
      <h2>{title}</h2>
      {message && <p>{message}</p>}
      <button type="button" onClick={retry}>
        Try again
      </button>
    </div>
  );
}

export interface NothingProps {
  readonly icon: IconName;
  readonly title: string;
  readonly children: ComponentChildren;
}

export function Nothing({ icon, title, children }: NothingProps) {
  return (
    <div class="panel state">
      <span class="badge">
        <Icon name={icon} />
      </span>
      <h2>{title}</h2>
      {children}
    </div>
  );
}
