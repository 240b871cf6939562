// Labels that wait for a second look, the suspicious ones first.
import { useEffect, useMemo, useState } from 'preact/hooks';
import '../styles/panels.css';
import '../styles/campaign.css';
import '../styles/picture.css';
import '../styles/review.css';
import { Annotators } from '../dashboard/annotators.tsx';
import { Failure, Nothing, Waiting } from '../site/states.tsx';
import { HelpDialog } from '../ui/dialogs.tsx';
import { Icon } from '../ui/icons.tsx';
import { listenToKeys } from '../ui/key-bindings.ts';
import { ReturnDialog } from './return-dialog.tsx';
import { bindingsOfReview } from './review-bindings.ts';
import { createReviewDesk, type ReviewDesk } from './review-desk.ts';
import { createReviewView } from './review-view.ts';
import { ReviewedLabel } from './reviewed-label.tsx';
import { TaskRow } from './task-row.tsx';

export function ReviewScreen({ campaignId }: { readonly campaignId: string | null }) {
  const desk = useMemo(() => createReviewDesk(campaignId, localStorage), [campaignId]);
  const view = useMemo(createReviewView, []);
  const [dialog, setDialog] = useState<'help' | 'return'>();
  const bindings = useMemo(
    () =>
      bindingsOfReview(desk, view, {
        help: () => setDialog('help'),
        sendBack: () => desk.chosen.value && setDialog('return'),
      }),
    [desk, view],
  );
  useEffect(() => void desk.reload(), [desk]);
  useEffect(() => listenToKeys(() => bindings), [bindings]);
  const loaded = desk.queue.value;
  return (
    <>
      <header class="screen-head">
        <h1>Review</h1>
        {campaignId && <span class="quiet">of {campaignId}</span>}
        {loaded.kind === 'ready' && <span class="chip">{loaded.value.length} waiting</span>}
        <span class="grow" />
        <ReviewerName desk={desk} />
        <button
          type="button"
          class="square"
          aria-label="Keys and help"
          title="Keys and help (?)"
          onClick={() => setDialog('help')}
        >
          <Icon name="help" />
        </button>
      </header>
      {loaded.kind === 'loading' && <Waiting what="The review queue" />}
      {loaded.kind === 'failed' && (
        <Failure title="The labels could not be loaded" message={loaded.message} retry={() => void desk.reload()} />
      )}
      {loaded.kind === 'ready' && loaded.value.length === 0 && (
        <Nothing icon="check" title="Nothing waits for review">
          <p role="status">Labels come here when an annotator submits them, in campaigns whose labels are reviewed.</p>
          <button type="button" onClick={() => void desk.reload()}>
            Look again
          </button>
        </Nothing>
      )}
      {loaded.kind === 'ready' && desk.chosen.value && (
        <div class="review">
          <ol class="review-list" aria-label="Labels that wait">
            {loaded.value.map((entry) => (
              <TaskRow
                key={entry.task.taskId}
                entry={entry}
                chosen={entry === desk.chosen.value}
                choose={() => {
                  desk.chosenId.value = entry.task.taskId;
                }}
              />
            ))}
          </ol>
          <ReviewedLabel
            entry={desk.chosen.value}
            view={view}
            busy={desk.busy.value}
            accept={() => void desk.decide(true, '')}
            sendBack={() => setDialog('return')}
          />
        </div>
      )}
      <Annotators campaignId={campaignId} />
      {dialog === 'help' && <HelpDialog bindings={bindings} close={() => setDialog(undefined)} />}
      {dialog === 'return' && desk.chosen.value && (
        <ReturnDialog
          annotator={desk.chosen.value.task.annotator}
          send={async (note) => {
            if (await desk.decide(false, note)) setDialog(undefined);
          }}
          close={() => setDialog(undefined)}
        />
      )}
    </>
  );
}

function ReviewerName({ desk }: { readonly desk: ReviewDesk }) {
  return (
    <label class="inline-field">
      Reviewer
      <input
        type="text"
        class="name"
        maxLength={64}
        autocomplete="username"
        placeholder="Your name"
        value={desk.reviewer.value}
        onInput={(event) => desk.rename(event.currentTarget.value)}
      />
    </label>
  );
}
