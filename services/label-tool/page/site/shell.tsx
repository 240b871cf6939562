// What surrounds every screen but the labelling: where one is, and where one can go.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import '../styles/shell.css';
import { Icon } from '../ui/icons.tsx';
import { Notice } from './notice.tsx';
import { hrefOf, type Route } from './route.ts';

const PLACES = [
  { screens: ['campaigns', 'campaign', 'create', 'import'], text: 'Campaigns', href: hrefOf({ screen: 'campaigns' }) },
  { screens: ['review'], text: 'Review', href: hrefOf({ screen: 'review', campaignId: null }) },
  { screens: ['label'], text: 'Label', href: hrefOf({ screen: 'label', campaignId: null }) },
] as const;

export interface ShellProps {
  readonly screen: Route['screen'];
  readonly children: ComponentChildren;
}

export function Shell({ screen, children }: ShellProps) {
  const main = useRef<HTMLElement>(null);
  // A new screen begins at its top, for eyes and for screen readers.
  useEffect(() => {
    main.current!.scrollTop = 0;
    if (document.activeElement?.closest('main') === null && document.activeElement !== document.body)
      main.current!.focus({ preventScroll: true });
  }, [screen]);
  return (
    <div class="shell">
      <button type="button" class="skip-link" onClick={() => main.current!.focus()}>
        To the content
      </button>
      <header class="shell-bar">
        <a class="brand" href={hrefOf({ screen: 'campaigns' })}>
          <img src="./icon.svg" alt="" width="26" height="26" />
          CPRAL
        </a>
        <nav aria-label="Pages">
          {PLACES.map(({ screens, text, href }) => (
            <a
              key={text}
              href={href}
              aria-current={(screens as readonly string[]).includes(screen) ? 'page' : undefined}
            >
              {text}
            </a>
          ))}
        </nav>
        <span class="grow" />
        <a class="button" href={hrefOf({ screen: 'import' })}>
          <Icon name="upload" />
          Import images
        </a>
        <a class="button primary" href={hrefOf({ screen: 'create', datasetId: null })}>
          <Icon name="plus" />
          New campaign
        </a>
      </header>
      <main ref={main} tabIndex={-1} class="shell-main">
        <div class="content">{children}</div>
      </main>
      <Notice />
    </div>
  );
}
