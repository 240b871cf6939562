// Images of one's own: dropped or chosen, sent, checked and imported while one looks on.
import { useEffect, useState } from 'preact/hooks';
import '../../styles/panels.css';
import '../../styles/forms.css';
import type { ImportFormat } from '../../../dashboard-types.ts';
import type { UploadFile } from '../../client/upload-file.ts';
import { bytesText, plural } from '../../plot/numbers.ts';
import { Field } from '../create/field.tsx';
import { DropZone } from './drop-zone.tsx';
import { ImportProgress } from './import-progress.tsx';
import { type RunningImport, runImport } from './run-import.ts';

const FORMATS: readonly { readonly value: ImportFormat; readonly name: string; readonly hint: string }[] = [
  {
    value: 'masks',
    name: 'Masks',
    hint: 'train/ and val/ with images/ and labels/ in each, and classes.json or classes.txt',
  },
  {
    value: 'camvid',
    name: 'CamVid',
    hint: 'train/ and val/ with images/ and labels/ in each; the eleven classes are known',
  },
  { value: 'cityscapes', name: 'Cityscapes', hint: 'leftImg8bit/ and gtFine/ with train/ and val/ in each' },
  { value: 'bdd100k', name: 'BDD100K', hint: 'images/10k/ and labels/sem_seg/masks/ with train/ and val/ in each' },
];

const LONGEST_NAME = 100;

export function ImportScreen() {
  const [files, setFiles] = useState<readonly UploadFile[]>([]);
  const [name, setName] = useState('');
  const [format, setFormat] = useState<ImportFormat>('masks');
  const [asked, setAsked] = useState(false);
  const [running, setRunning] = useState<RunningImport>();
  const isUnderWay = running && ['uploading', 'following'].includes(running.phase.value.kind);
  useEffect(() => {
    if (!isUnderWay) return undefined;
    // A closed page uploads nothing: the browser asks first.
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [isUnderWay]);
  useEffect(() => () => leave(running), [running]);

  if (running)
    return (
      <div class="import">
        <h1>Import images</h1>
        <ImportProgress
          running={running}
          name={name}
          again={() => {
            setRunning(undefined);
          }}
        />
      </div>
    );
  const bytes = files.reduce((sum, { file }) => sum + file.size, 0);
  const problems = { name: name.trim() ? undefined : 'A name is needed', files: files.length > 0 };
  const start = () => {
    setAsked(true);
    if (!problems.name && problems.files) setRunning(runImport({ format, displayName: name.trim() }, files));
  };
  return (
    <form
      class="import"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        start();
      }}
    >
      <h1>Import images</h1>
      <DropZone
        take={(taken) => {
          setFiles(taken);
          if (!name) setName(nameOf(taken));
        }}
      >
        <p role="status">
          {files.length > 0 ? (
            <strong>
              {plural(files.length, 'file')}, {bytesText(bytes)}
            </strong>
          ) : (
            <span class={asked ? 'field-error' : 'quiet'}>
              {asked ? 'Choose some files first' : 'Nothing is chosen yet'}
            </span>
          )}
        </p>
      </DropZone>
      <fieldset class="panel form-part">
        <legend>How the files lie</legend>
        <div class="formats">
          {FORMATS.map(({ value, name: formatName, hint }) => (
            <label key={value}>
              <input type="radio" name="format" checked={format === value} onChange={() => setFormat(value)} />
              <strong>{formatName}</strong>
              <span class="quiet">{hint}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <section class="panel">
        <Field name="Name of the dataset" error={asked ? problems.name : undefined} hint="For people">
          {(aria) => (
            <input
              {...aria}
              type="text"
              maxLength={LONGEST_NAME}
              autocomplete="off"
              value={name}
              onInput={(event) => setName(event.currentTarget.value)}
            />
          )}
        </Field>
      </section>
      <div class="row">
        <button type="submit" class="primary">
          Import
        </button>
      </div>
    </form>
  );
}

/** @returns the folder's name, or the archive's */
function nameOf(files: readonly UploadFile[]): string {
  return (files[0]?.path.split('/')[0] ?? '').replace(/\.(zip|tar|tar\.gz|tgz)$/, '').slice(0, LONGEST_NAME);
}

/** What is imported by the server goes on; what this page sends does not. */
function leave(running: RunningImport | undefined): void {
  if (running?.phase.value.kind === 'uploading') running.cancel();
}
