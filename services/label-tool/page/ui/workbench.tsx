// The place of work: the picture in the middle, tools to its left, the task and its classes to its right.
import { useEffect, useRef, useState } from 'preact/hooks';
import { UNLABELLED } from '../../api-types.ts';
import type { PixelThread } from '../client/pixel-thread.ts';
import { createStage, type Stage } from '../stage/stage.ts';
import type { Editor } from '../work/editor.ts';
import type { Session } from '../work/session.ts';
import type { Work } from '../work/work.ts';
import { bindingsOf, goToNextHole } from './bindings-of.ts';
import { ConflictDialog, HelpDialog, LostDialog, SkipDialog } from './dialogs.tsx';
import { listenToKeys } from './key-bindings.ts';
import { OptionBar } from './option-bar.tsx';
import { SidePanel } from './side-panel.tsx';
import { StatusBar } from './status-bar.tsx';
import { ToolBar } from './tool-bar.tsx';
import { TopBar } from './top-bar.tsx';

export interface WorkbenchProps {
  readonly work: Work;
  readonly session: Session;
  readonly editor: Editor;
  readonly thread: PixelThread;
}

export function Workbench({ work, session, editor, thread }: WorkbenchProps) {
  const host = useRef<HTMLDivElement>(null);
  const scene = useRef<HTMLCanvasElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  const [stage, setStage] = useState<Stage>();
  const [dialog, setDialog] = useState<'help' | 'skip'>();
  const [busy, setBusy] = useState(false);

  const submit = async () => {
    if (busy || !stage) return;
    if (work.labelling.counts[UNLABELLED]! > 0) {
      session.notice.value = 'Not complete yet: this place has no label. Fill it, or mark it as ignore.';
      editor.setOverlay('holes', { shown: true });
      goToNextHole(stage, work);
      return;
    }
    setBusy(true);
    if (!(await session.submit(work))) setBusy(false);
  };
  const skip = async (reason: string) => {
    setDialog(undefined);
    await session.skip(work, reason);
  };
  const bindings = (ready: Stage) =>
    bindingsOf(ready, editor, work, {
      submit: () => void submit(),
      skip: () => setDialog('skip'),
      help: () => setDialog('help'),
    });

  useEffect(() => {
    const created = createStage({
      work,
      editor,
      thread,
      host: host.current!,
      scene: scene.current!,
      overlay: overlay.current!,
    });
    setStage(created);
    host.current!.focus({ preventScroll: true });
    if (!work.task.classes.some(({ id }) => id === editor.classId.value))
      editor.classId.value = work.task.classes[0]?.id ?? 0;
    return () => created.stop();
  }, [work]);
  useEffect(() => {
    const note = () => work.activeTime.note(performance.now());
    addEventListener('keydown', note);
    return () => removeEventListener('keydown', note);
  }, [work]);
  useEffect(() => (stage ? listenToKeys(() => bindings(stage)) : undefined), [stage, busy]);

  const saveState = work.autosave.state.value;
  const settle = (change: () => Promise<void>) => () =>
    void change()
      .then(() => stage?.refresh())
      .catch(() => {
        session.notice.value = 'The server does not answer; try again.';
      });
  return (
    <main class="workbench">
      <h1 class="hidden">Labelling</h1>
      <TopBar work={work} session={session} help={() => setDialog('help')} />
      <ToolBar editor={editor} />
      <div class="stage">
        <OptionBar stage={stage} editor={editor} work={work} />
        <div
          ref={host}
          class={`canvas tool-${editor.tool.value}`}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: the picture is worked on by the keyboard, too
          tabIndex={0}
          role="application"
          aria-label="The picture with the region to label. Arrow keys move the cursor, Space clicks, question mark lists all keys"
          data-view={stage && JSON.stringify(stage.view.value)}
          data-superpixels={stage?.segmented.value}
          data-wires={stage?.searches.value.done}
        >
          <canvas ref={scene} />
          <canvas ref={overlay} />
        </div>
        <StatusBar stage={stage} editor={editor} work={work} />
      </div>
      <SidePanel
        stage={stage}
        work={work}
        editor={editor}
        busy={busy}
        submit={() => void submit()}
        skip={() => setDialog('skip')}
      />
      <Notice session={session} />
      {dialog === 'help' && stage && <HelpDialog bindings={bindings(stage)} close={() => setDialog(undefined)} />}
      {dialog === 'skip' && <SkipDialog skip={(reason) => void skip(reason)} close={() => setDialog(undefined)} />}
      {saveState === 'conflict' && (
        <ConflictDialog takeTheirs={settle(work.takeTheirs)} keepMine={settle(work.keepMine)} />
      )}
      {saveState === 'lost' && <LostDialog leave={() => void session.leave(work)} />}
    </main>
  );
}

const NOTICE_MS = 6_000;

function Notice({ session }: { readonly session: Session }) {
  const notice = session.notice.value;
  useEffect(() => {
    if (!notice) return undefined;
    const timer = setTimeout(() => {
      session.notice.value = '';
    }, NOTICE_MS);
    return () => clearTimeout(timer);
  }, [notice]);
  return (
    <div class={notice ? 'notice shown' : 'notice'} role="status" aria-live="polite">
      {notice}
    </div>
  );
}
