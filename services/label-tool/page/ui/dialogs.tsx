import { useState } from 'preact/hooks';
import type { Binding } from './key-bindings.ts';
import { Modal } from './modal.tsx';

export function HelpDialog({ bindings, close }: { readonly bindings: readonly Binding[]; readonly close: () => void }) {
  const groups = Map.groupBy(bindings, ({ group }) => group);
  return (
    <Modal title="Keys" wide close={close}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <section class="help" tabIndex={0} aria-label="All keys">
        {[...groups].map(([group, members]) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {members
                .filter(({ written }) => written !== '')
                .map(({ keys, does, written }) => (
                  <div key={does}>
                    <dt>
                      <Keys keys={written ?? keys[0]!} />
                    </dt>
                    <dd>{does}</dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
        <section>
          <h3>Pointer and touch</h3>
          <dl>
            <div>
              <dt>Wheel</dt>
              <dd>Zoom</dd>
            </div>
            <div>
              <dt>Right drag</dt>
              <dd>Move the picture</dd>
            </div>
            <div>
              <dt>Two fingers</dt>
              <dd>Move and zoom; with a pen, one finger moves</dd>
            </div>
          </dl>
        </section>
      </section>
      <div class="row end">
        <button type="button" class="primary" data-first onClick={close}>
          Close
        </button>
      </div>
    </Modal>
  );
}

export function Keys({ keys }: { readonly keys: string }) {
  return (
    <span class="keys">
      {keys.split(/(?<=.)\+/).map((key) => (
        <kbd key={key}>{key}</kbd>
      ))}
    </span>
  );
}

const REASONS = [
  'Too blurred or too dark to tell',
  'None of the classes fits',
  'The region is empty or broken',
] as const;

export function SkipDialog({ skip, close }: { readonly skip: (reason: string) => void; readonly close: () => void }) {
  const [reason, setReason] = useState<string>(REASONS[0]);
  const [words, setWords] = useState('');
  const said = reason === 'other' ? words.trim() : reason;
  return (
    <Modal title="Skip this region" close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (said) skip(said);
        }}
      >
        <fieldset class="choices">
          <legend>Why? Your reason is shown to the team.</legend>
          {[...REASONS, 'other'].map((choice) => (
            <label key={choice}>
              <input type="radio" name="reason" checked={reason === choice} onChange={() => setReason(choice)} />
              {choice === 'other' ? 'Something else' : choice}
            </label>
          ))}
        </fieldset>
        {reason === 'other' && (
          <label class="field">
            In your words
            <textarea
              rows={3}
              required
              maxLength={500}
              value={words}
              onInput={(event) => setWords(event.currentTarget.value)}
            />
          </label>
        )}
        <div class="row end">
          <button type="button" onClick={close}>
            Back to labelling
          </button>
          <button type="submit" class="primary" disabled={!said}>
            Skip
          </button>
        </div>
      </form>
    </Modal>
  );
}

export interface ConflictProps {
  readonly takeTheirs: () => void;
  readonly keepMine: () => void;
}

export function ConflictDialog({ takeTheirs, keepMine }: ConflictProps) {
  return (
    <Modal title="This region was changed elsewhere">
      <p>
        The server has another draft of it, perhaps from a second window of yours. Nothing was overwritten: yours is
        here, the other one is there.
      </p>
      <div class="row end">
        <button type="button" onClick={keepMine}>
          Send mine instead
        </button>
        <button type="button" class="primary" onClick={takeTheirs}>
          Load the server’s
        </button>
      </div>
      <p class="quiet">What is loaded can be undone, back to your own labels.</p>
    </Modal>
  );
}

export function LostDialog({ leave }: { readonly leave: () => void }) {
  return (
    <Modal title="This region is no longer yours">
      <p>
        Its lease ended or somebody took it back, so the server accepts no more of your labels for it. They stay in this
        browser, and if the region comes to you again, you go on where you were.
      </p>
      <div class="row end">
        <button type="button" class="primary" onClick={leave}>
          Next region
        </button>
      </div>
    </Modal>
  );
}
