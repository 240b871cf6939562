// The labelling page: what it is made of, put together once.
import { render } from 'preact';
import { noDraftStore, openDraftStore } from './client/draft-store.ts';
import { startPixelThread } from './client/pixel-thread.ts';
import './styles/tokens.css';
import './styles/controls.css';
import './styles/layout.css';
import { App } from './ui/app.tsx';
import { createEditor } from './work/editor.ts';
import { createSession } from './work/session.ts';

const drafts = await openDraftStore(Date.now()).catch(noDraftStore);
const session = createSession({
  // Apart from the stage's thread: a draft does not wait for superpixels.
  thread: startPixelThread(),
  drafts,
  names: localStorage,
  tab: sessionStorage,
  campaignId: new URLSearchParams(location.search).get('campaign'),
});
addEventListener('pagehide', () => session.close());
// A page that comes back from the browser's cache has given its task away.
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) location.reload();
});
if (session.annotator.value) void session.next();

render(<App session={session} editor={createEditor()} thread={startPixelThread()} />, document.getElementById('page')!);
