// The task, its classes, what is shown, and the way out.
import { UNLABELLED } from '../../api-types.ts';
import type { Stage } from '../stage/stage.ts';
import type { Editor } from '../work/editor.ts';
import { labelledShare } from '../work/labelling.ts';
import type { Work } from '../work/work.ts';
import { goToNextHole } from './bindings-of.ts';
import { ClassList } from './class-list.tsx';
import { Icon } from './icons.tsx';
import { OverlayList } from './overlay-list.tsx';

export interface SidePanelProps {
  readonly stage: Stage | undefined;
  readonly work: Work;
  readonly editor: Editor;
  readonly busy: boolean;
  readonly submit: () => void;
  readonly skip: () => void;
}

export function SidePanel({ stage, work, editor, busy, submit, skip }: SidePanelProps) {
  return (
    <aside class="side-panel" aria-label="Task">
      <div class="scrolls">
        <TaskCard work={work} />
        <ClassList work={work} editor={editor} />
        <div class="row tight">
          <button
            type="button"
            disabled={!work.pictures.prediction}
            title="Where nothing is labelled (P)"
            onClick={() => stage?.takePrediction()}
          >
            <Icon name="spark" />
            Take prediction
          </button>
          <button type="button" title="With the chosen class (R)" onClick={() => stage?.fillRest()}>
            <Icon name="fill" />
            Fill the rest
          </button>
        </div>
        <OverlayList work={work} editor={editor} />
      </div>
      <Finish stage={stage} work={work} busy={busy} submit={submit} skip={skip} />
    </aside>
  );
}

function TaskCard({ work: { task } }: { readonly work: Work }) {
  const { window, returned } = task;
  return (
    <section class="card" aria-label="Why this region">
      {returned && (
        <div class="returned" role="note">
          <strong>
            <Icon name="warning" />
            Sent back by {returned.by}
          </strong>
          <p>{returned.note}</p>
        </div>
      )}
      <p class="reason">{task.reason}</p>
      <p class="quiet">
        {task.kind === 'image' ? 'Whole image' : 'Region'} of {window.width} × {window.height} px · priority {task.rank}
      </p>
    </section>
  );
}

type FinishProps = Omit<SidePanelProps, 'editor'>;

function Finish({ stage, work, busy, submit, skip }: FinishProps) {
  work.revision.value;
  const left = work.labelling.counts[UNLABELLED]!;
  const share = labelledShare(work.labelling);
  const percent = Math.floor(share * 1000) / 10;
  return (
    <div class="finish">
      <div class="progress-line">
        <progress max={1} value={share} aria-label="Labelled share of the region" />
        {left > 0 ? (
          <button
            type="button"
            class="link"
            title="Go to the next unlabelled place (N)"
            onClick={() => stage && goToNextHole(stage, work)}
          >
            {percent} % · {left.toLocaleString('en')} px left
          </button>
        ) : (
          <span class="done">
            <Icon name="check" />
            Complete
          </span>
        )}
      </div>
      <div class="row tight">
        <button type="button" onClick={skip} title="Skip with a reason (Ctrl+Backspace)">
          <Icon name="skip" />
          Skip
        </button>
        <button
          type="button"
          class={left === 0 ? 'primary grow' : 'grow'}
          aria-disabled={left > 0}
          disabled={busy}
          onClick={submit}
          title="Submit (Ctrl+Enter)"
        >
          {busy ? 'Submitting' : 'Submit and next'}
          <Icon name="next" />
        </button>
      </div>
    </div>
  );
}
