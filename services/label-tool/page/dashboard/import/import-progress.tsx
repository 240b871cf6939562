// How far an import is, and what became of it.
import type { ImportStatus } from '../../../dashboard-types.ts';
import { bytesText, countText, percentText, plural } from '../../plot/numbers.ts';
import { hrefOf } from '../../site/route.ts';
import { Icon } from '../../ui/icons.tsx';
import type { ImportPhase, RunningImport } from './run-import.ts';

export interface ImportProgressProps {
  readonly running: RunningImport;
  readonly name: string;
  readonly again: () => void;
}

export function ImportProgress({ running, name, again }: ImportProgressProps) {
  const phase = running.phase.value;
  if (phase.kind === 'failed' || phase.kind === 'cancelled')
    return (
      <section class="panel import-state">
        <h2>{phase.kind === 'failed' ? `${name} was not imported` : 'Cancelled'}</h2>
        {phase.kind === 'failed' ? (
          <p class="field-error" role="alert">
            {phase.message}
          </p>
        ) : (
          <p role="status">What was uploaded is deleted.</p>
        )}
        <div class="row">
          <button type="button" onClick={again}>
            Back to the files
          </button>
        </div>
      </section>
    );
  if (phase.kind === 'following' && phase.status.state === 'succeeded') return <Imported status={phase.status} />;
  const { text, share, detail } = progressOf(phase);
  return (
    <section class="panel import-state">
      <h2>{name}</h2>
      <p role="status">{text}</p>
      <progress class="bar" max={1} value={share} aria-label={`${text}, done share`} />
      <p class="quiet number">
        {percentText(share)} · {detail}
      </p>
      <div class="row">
        <button type="button" class="danger" onClick={running.cancel}>
          Cancel
        </button>
      </div>
    </section>
  );
}

const STATUS_TEXT: Readonly<Record<ImportStatus['state'], string>> = {
  receiving: 'Waiting for the files',
  checking: 'Checking every file',
  importing: 'Importing',
  succeeded: 'Imported',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

function progressOf(phase: Extract<ImportPhase, { kind: 'uploading' | 'following' }>) {
  if (phase.kind === 'uploading') {
    const { sentBytes, totalBytes } = phase;
    return {
      text: 'Uploading',
      share: totalBytes > 0 ? sentBytes / totalBytes : 0,
      detail: `${bytesText(sentBytes)} of ${bytesText(totalBytes)}`,
    };
  }
  const { state, imagesDone, imagesTotal } = phase.status;
  return {
    text: STATUS_TEXT[state],
    share: imagesTotal > 0 ? imagesDone / imagesTotal : 0,
    detail: `${countText(imagesDone)} of ${plural(imagesTotal, 'image')}`,
  };
}

function Imported({ status: { displayName, datasetId, existed, imagesTotal } }: { readonly status: ImportStatus }) {
  return (
    <section class="panel import-state">
      <span class="badge">
        <Icon name="check" />
      </span>
      <h2>{displayName} is imported</h2>
      <p role="status">
        {existed
          ? 'The same images were here already: nothing was stored twice.'
          : `${plural(imagesTotal, 'image')} are here.`}
      </p>
      <div class="row">
        <a class="button primary" href={hrefOf({ screen: 'create', datasetId })}>
          New campaign on it
        </a>
        <a class="button" href={hrefOf({ screen: 'campaigns' })}>
          To the campaigns
        </a>
      </div>
    </section>
  );
}
