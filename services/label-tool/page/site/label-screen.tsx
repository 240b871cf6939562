// The labelling page as a screen: its session begins when it is shown and gives its region back when it is left.
import { useEffect, useState } from 'preact/hooks';
import { noDraftStore, openDraftStore } from '../client/draft-store.ts';
import { startPixelThread } from '../client/pixel-thread.ts';
import '../styles/layout.css';
import { App, type AppProps } from '../ui/app.tsx';
import { createEditor } from '../work/editor.ts';
import { createSession } from '../work/session.ts';

export interface LabelScreenProps {
  readonly campaignId: string | null;
}

export function LabelScreen({ campaignId }: LabelScreenProps) {
  const [parts, setParts] = useState<AppProps>();
  useEffect(() => {
    const control = new AbortController();
    void open(campaignId, control.signal).then((opened) => opened && setParts(opened));
    return () => {
      setParts(undefined);
      control.abort();
    };
  }, [campaignId]);
  return parts ? <App {...parts} /> : null;
}

/** @param signal aborted when the screen is left @returns undefined where that was before it was ready */
async function open(campaignId: string | null, signal: AbortSignal): Promise<AppProps | undefined> {
  const drafts = await openDraftStore(Date.now()).catch(noDraftStore);
  if (signal.aborted) return undefined;
  // Apart from the stage's thread: a draft does not wait for superpixels.
  const threads = { drafts: startPixelThread(), stage: startPixelThread() };
  const session = createSession({
    thread: threads.drafts,
    drafts,
    names: localStorage,
    tab: sessionStorage,
    campaignId,
  });
  addEventListener('pagehide', () => session.close(), { signal });
  // A page that comes back from the browser's cache has given its task away.
  addEventListener('pageshow', ({ persisted }) => persisted && location.reload(), { signal });
  signal.addEventListener('abort', () => {
    threads.stage.stop();
    void session.leaveScreen().finally(() => threads.drafts.stop());
  });
  if (session.annotator.value) void session.next();
  return { session, editor: createEditor(), thread: threads.stage };
}
