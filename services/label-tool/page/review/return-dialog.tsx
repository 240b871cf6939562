import { useState } from 'preact/hooks';
import { Modal } from '../ui/modal.tsx';

export interface ReturnDialogProps {
  readonly annotator: string | null;
  readonly send: (note: string) => Promise<void>;
  readonly close: () => void;
}

/** A label goes back only with a word about what is to be done. */
export function ReturnDialog({ annotator, send, close }: ReturnDialogProps) {
  const [note, setNote] = useState('');
  const [asked, setAsked] = useState(false);
  const submit = () => {
    setAsked(true);
    if (note.trim()) void send(note.trim());
  };
  const wrong = asked && !note.trim();
  return (
    <Modal title={`Send back to ${annotator ?? 'its annotator'}`} close={close}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <label class="field">
          What is to be done?
          <textarea
            data-first
            rows={3}
            required
            maxLength={500}
            aria-invalid={wrong}
            aria-describedby="return-says"
            value={note}
            onInput={(event) => setNote(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || event.shiftKey) return;
              event.preventDefault();
              submit();
            }}
          />
        </label>
        <p id="return-says" class={wrong ? 'field-error' : 'quiet'}>
          {wrong ? 'A note is needed' : 'Enter sends it; Shift+Enter begins a line'}
        </p>
        <div class="row end">
          <button type="button" onClick={close}>
            Back to the review
          </button>
          <button type="submit" class="primary">
            Send back
          </button>
        </div>
      </form>
    </Modal>
  );
}
