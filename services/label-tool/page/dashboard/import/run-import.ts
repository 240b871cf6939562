// An import from its files to the dataset: made, filled, started, followed; and deleted where it is given up.
import { type Signal, signal } from '@preact/signals';
import type { ImportRequest, ImportStatus } from '../../../dashboard-types.ts';
import {
  beginImport,
  cancelImport,
  importEventsUrl,
  importFilesUrl,
  startImport,
} from '../../client/dashboard-client.ts';
import { describeError } from '../../client/describe-error.ts';
import { type Live, openLive } from '../../client/live.ts';
import { upload } from '../../client/upload.ts';
import type { UploadFile } from '../../client/upload-file.ts';
import { batchesOf } from './batches.ts';

export type ImportPhase =
  | { readonly kind: 'uploading'; readonly sentBytes: number; readonly totalBytes: number }
  | { readonly kind: 'following'; readonly status: ImportStatus }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'cancelled' };

export interface RunningImport {
  readonly phase: Signal<ImportPhase>;
  cancel(): void;
}

const ENDED = new Set<ImportStatus['state']>(['succeeded', 'failed', 'cancelled']);

export function runImport(what: ImportRequest, files: readonly UploadFile[]): RunningImport {
  const totalBytes = files.reduce((sum, { file }) => sum + file.size, 0);
  const phase = signal<ImportPhase>({ kind: 'uploading', sentBytes: 0, totalBytes });
  const control = new AbortController();
  let importId: string | undefined;
  let live: Live | undefined;
  const discard = () => {
    live?.close();
    // Where the server does not hear it, it discards what nobody goes on with by itself.
    if (importId) void cancelImport(importId).catch(() => undefined);
  };
  const follow = (status: ImportStatus) => {
    if (control.signal.aborted) return;
    if (status.state === 'failed') phase.value = { kind: 'failed', message: status.error };
    else phase.value = status.state === 'cancelled' ? { kind: 'cancelled' } : { kind: 'following', status };
    if (ENDED.has(status.state)) live?.close();
  };
  const run = async () => {
    ({ importId } = await beginImport(what));
    let sentBefore = 0;
    for (const batch of batchesOf(files)) {
      const bytes = batch.reduce((sum, { file }) => sum + file.size, 0);
      await upload(importFilesUrl(importId), batch, {
        signal: control.signal,
        // Headers and borders of the parts are sent, too.
        progress: (sent) => {
          phase.value = { kind: 'uploading', sentBytes: sentBefore + Math.min(bytes, sent), totalBytes };
        },
      });
      sentBefore += bytes;
    }
    control.signal.throwIfAborted();
    follow(await startImport(importId));
    live = openLive(importEventsUrl(importId), { import: follow });
  };
  run().catch((error) => {
    if (!control.signal.aborted) phase.value = { kind: 'failed', message: describeError(error) };
    discard();
  });
  return {
    phase,
    cancel() {
      control.abort();
      phase.value = { kind: 'cancelled' };
      discard();
    },
  };
}
