import type { PixelThread } from '../client/pixel-thread.ts';
import type { Editor } from '../work/editor.ts';
import type { Session } from '../work/session.ts';
import { Empty, Failed, Loading, SignIn } from './messages.tsx';
import { Workbench } from './workbench.tsx';

export interface AppProps {
  readonly session: Session;
  readonly editor: Editor;
  readonly thread: PixelThread;
}

export function App({ session, editor, thread }: AppProps) {
  const phase = session.phase.value;
  switch (phase.kind) {
    case 'sign-in':
      return <SignIn signIn={(name) => void session.signIn(name)} />;
    case 'loading':
      return <Loading />;
    case 'empty':
      return <Empty lookAgain={() => void session.next()} />;
    case 'failed':
      return <Failed message={phase.message} retry={() => void session.next()} />;
    case 'working': {
      const { work } = phase;
      return (
        <Workbench
          key={work.task.taskId + work.task.etag}
          work={work}
          session={session}
          editor={editor}
          thread={thread}
        />
      );
    }
  }
}
