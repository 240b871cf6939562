// Imports under way: files gather in a folder, are read and checked as the command line does it, and go to the registry, all or nothing. They
// live as long as this process; what the registry has is for ever.
import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import type { Readable } from 'node:stream';
import { systemClock } from '../../shared/clock.ts';
import { importMessages } from '../../shared/datasets/import-messages.ts';
import { openDataset } from '../../shared/datasets/open-dataset.ts';
import { validateSource } from '../../shared/datasets/validate-source.ts';
import { CpralError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log.ts';
import type { ImportRequest, ImportStatus } from '../dashboard-types.ts';
import { personNow } from '../people/person.ts';
import type { Registry } from '../registry/registry.ts';
import { importDataset, uploadObject } from '../registry/transfer.ts';
import type { ServerEvent } from '../server/event-stream.ts';
import { makeUploadFolder, type UploadFolder, type UploadLimits } from './upload-folder.ts';

const LIMITS: UploadLimits = { maxBytes: 64 * 2 ** 30, maxFiles: 2_000_000 };
const MAX_UNDER_WAY = 4;
const MAX_KEPT = 100;
/** After this long without a file an upload is given up. */
const IDLE_MS = 60 * 60_000;
/** Progress is told at most so often. */
const EVENT_PAUSE_MS = 200;

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

interface Import {
  readonly status: Mutable<ImportStatus>;
  readonly folder: UploadFolder;
  readonly abort: AbortController;
  readonly changes: EventEmitter;
  /** Whose it is: nobody else is told that it exists. */
  readonly project: string;
  idle: NodeJS.Timeout;
  /** Requests that are writing. */
  receiving: number;
  work: Promise<void>;
}

export interface Imports {
  begin(request: ImportRequest): Promise<ImportStatus>;
  receive(
    importId: string,
    files: AsyncIterable<{ readonly name: string; readonly content: Readable }>,
  ): Promise<ImportStatus>;
  /** No more files: checks and imports them, in the background. */
  start(importId: string): ImportStatus;
  get(importId: string): ImportStatus;
  events(importId: string): (signal: AbortSignal) => AsyncGenerator<ServerEvent>;
  cancel(importId: string): Promise<void>;
  close(): Promise<void>;
}

export interface ImportsOptions {
  readonly registry: Registry;
  readonly folder: string;
  readonly log: Log;
  readonly stopping: AbortSignal;
  readonly limits?: UploadLimits;
  readonly idleMs?: number;
}

export function createImports(options: ImportsOptions): Imports {
  const { registry, folder: parent, log, stopping, limits = LIMITS, idleMs = IDLE_MS } = options;
  const imports = new Map<string, Import>();
  stopping.addEventListener('abort', () => {
    for (const each of imports.values()) each.abort.abort();
  });

  const find = (importId: string): Import => {
    const found = imports.get(importId);
    if (!found || found.project !== projectNow())
      throw new CpralError('NOT_FOUND', `import "${importId.slice(0, 100)}" does not exist`, { field: 'importId' });
    return found;
  };
  const change = (one: Import, what: Partial<ImportStatus>) => {
    Object.assign(one.status, what);
    one.changes.emit('change');
  };
  const expect = (one: Import, state: ImportStatus['state']) => {
    if (one.status.state === state) return;
    throw new CpralError('FAILED_PRECONDITION', `import: expected one that is ${state}, it is ${one.status.state}`, {
      field: 'importId',
    });
  };
  const touch = (one: Import) => {
    clearTimeout(one.idle);
    one.idle = setTimeout(
      () => void end(one, { state: 'cancelled', error: 'no file came for too long' }),
      idleMs,
    ).unref();
  };
  /** Whoever is told that it has ended finds nothing of it on the disk. */
  async function end(one: Import, what: Partial<ImportStatus>): Promise<void> {
    clearTimeout(one.idle);
    await one.folder.remove();
    change(one, what);
  }

  async function run(one: Import): Promise<void> {
    const { status, abort } = one;
    const { signal } = abort;
    const root = await one.folder.root();
    try {
      const opened = await openDataset({ format: status.format, folder: root });
      const source = { ...opened, displayName: status.displayName };
      await validateSource(source, (imagesDone, imagesTotal) => {
        signal.throwIfAborted();
        change(one, { imagesDone, imagesTotal });
      });
      change(one, { state: 'importing', imagesDone: 0 });
      const messages = importMessages(source, {
        upload: (bytes) => uploadObject(registry, bytes, signal),
        onSent: (imagesDone) => change(one, { imagesDone }),
      });
      const { dataset, existed } = await importDataset(registry, messages, signal);
      await end(one, { state: 'succeeded', datasetId: dataset?.datasetId ?? null, existed });
      log.info({ importId: status.importId, dataset: dataset?.datasetId, existed }, 'dataset imported');
    } catch (error) {
      if (signal.aborted) return void (await end(one, { state: 'cancelled' }));
      const expected = error instanceof CpralError && error.code !== 'INTERNAL';
      log[expected ? 'info' : 'error']({ importId: status.importId, err: error }, 'import failed');
      // People know their files by the names that they gave them.
      const sentence = expected
        ? error.message.replaceAll(`${root}/`, '').replaceAll(root, 'the folder')
        : 'internal error; the log of the service has the cause';
      await end(one, { state: 'failed', error: sentence });
    }
  }

  return {
    async begin({ format, displayName }) {
      const underWay = [...imports.values()].filter(({ status }) => !hasEnded(status));
      if (underWay.length >= MAX_UNDER_WAY) {
        throw new CpralError(
          'RESOURCE_EXHAUSTED',
          `imports: expected at most ${MAX_UNDER_WAY} under way, there are as many already`,
        );
      }
      for (const [importId, { status }] of imports)
        if (imports.size >= MAX_KEPT && hasEnded(status)) imports.delete(importId);
      const importId = randomUUID();
      const folder = await makeUploadFolder(parent, limits);
      const one: Import = {
        status: {
          ...{ importId, format, displayName, state: 'receiving', files: 0, bytes: 0, imagesDone: 0, imagesTotal: 0 },
          ...{ error: '', datasetId: null, existed: false },
        },
        folder,
        abort: new AbortController(),
        project: projectNow(),
        changes: new EventEmitter().setMaxListeners(0),
        idle: setTimeout(() => {}, 0),
        receiving: 0,
        work: Promise.resolve(),
      };
      imports.set(importId, one);
      touch(one);
      return { ...one.status };
    },
    async receive(importId, files) {
      const one = find(importId);
      expect(one, 'receiving');
      one.receiving++;
      try {
        for await (const { name, content } of files) {
          touch(one);
          await one.folder.receive(name, content, one.abort.signal);
          change(one, one.folder.counts);
        }
      } finally {
        one.receiving--;
        if (hasEnded(one.status)) await one.folder.remove();
      }
      return { ...one.status };
    },
    start(importId) {
      const one = find(importId);
      expect(one, 'receiving');
      if (one.receiving > 0) {
        throw new CpralError(
          'FAILED_PRECONDITION',
          'import: expected all files to be here, some are still being received',
          { field: 'importId' },
        );
      }
      clearTimeout(one.idle);
      change(one, { state: 'checking' });
      one.work = run(one);
      return { ...one.status };
    },
    get: (importId) => ({ ...find(importId).status }),
    events(importId) {
      const one = find(importId);
      return async function* (signal) {
        let seen = '';
        while (!signal.aborted) {
          const changed = once(one.changes, 'change', { signal }).catch(() => {});
          const text = JSON.stringify(one.status);
          if (text !== seen) yield { event: 'import', data: { ...one.status } };
          seen = text;
          if (hasEnded(one.status)) return;
          await changed;
          await systemClock.sleep(EVENT_PAUSE_MS, signal);
        }
      };
    },
    async cancel(importId) {
      const one = find(importId);
      if (hasEnded(one.status)) return;
      one.abort.abort();
      await one.work;
      if (!hasEnded(one.status)) await end(one, { state: 'cancelled' });
    },
    async close() {
      for (const one of imports.values()) {
        one.abort.abort();
        await one.work;
        clearTimeout(one.idle);
        await one.folder.remove();
      }
    },
  };
}

const projectNow = () => personNow()?.project ?? '';
const hasEnded = ({ state }: ImportStatus) => state === 'succeeded' || state === 'failed' || state === 'cancelled';
