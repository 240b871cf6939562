// Drafts in the browser's own database: written at once, so that neither a reload nor a lost network takes a stroke.
import type { Cost } from '../../api-types.ts';
import type { Point } from '../geometry/raster.ts';

const DATABASE = 'cpral-label-tool';
const STORE = 'drafts';
const VERSION = 1;
/** Of drafts whose task ended elsewhere. */
const KEPT_FOR_MS = 30 * 24 * 3_600_000;

export interface StoredDraft {
  readonly taskId: string;
  readonly mask: Uint8Array;
  readonly cuts: readonly (readonly Point[])[];
  readonly cost: Cost;
  readonly savedAtMs: number;
  /** Whether the server has the same. */
  readonly sent: boolean;
  /** Fingerprint of the draft that the server had when this one was begun, or of the one it took last. */
  readonly base: number;
}

export interface DraftStore {
  get(taskId: string): Promise<StoredDraft | undefined>;
  put(draft: StoredDraft): Promise<void>;
  remove(taskId: string): Promise<void>;
}

/** Where the browser has no database for the page, as in some private windows: a draft is then on the server or nowhere. */
export function noDraftStore(): DraftStore {
  return {
    get: async () => undefined,
    put: () => Promise.reject(new Error('this browser keeps no drafts')),
    remove: async () => undefined,
  };
}

export async function openDraftStore(nowMs: number): Promise<DraftStore> {
  const database = await open();
  const store = (mode: IDBTransactionMode) => database.transaction(STORE, mode).objectStore(STORE);
  await removeOld(store('readwrite'), nowMs - KEPT_FOR_MS);
  return {
    get: (taskId) => settled(store('readonly').get(taskId) as IDBRequest<StoredDraft | undefined>),
    put: async (draft) => void (await settled(store('readwrite').put(draft))),
    remove: (taskId) => settled(store('readwrite').delete(taskId)),
  };
}

function open(): Promise<IDBDatabase> {
  const opening = indexedDB.open(DATABASE, VERSION);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: 'taskId' });
  return settled(opening);
}

async function removeOld(store: IDBObjectStore, beforeMs: number): Promise<void> {
  const cursors = store.openCursor();
  await new Promise<void>((resolve, reject) => {
    cursors.onerror = () => reject(cursors.error);
    cursors.onsuccess = () => {
      const cursor = cursors.result;
      if (!cursor) return resolve();
      if ((cursor.value as StoredDraft).savedAtMs < beforeMs) cursor.delete();
      cursor.continue();
    };
  });
}

function settled<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
