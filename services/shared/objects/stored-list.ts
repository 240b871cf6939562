// Lists that grow with the pool, as pages in the object store: a specification names them and stays one small message. Pages are cut by
// position alone, so equal lists have equal pages, and work over them has an equal digest.
import type { StoredList } from '../../../proto/gen/cpral/v1/resources.ts';
import { CpralError, invalid } from '../errors.ts';
import type { ObjectReader, ObjectStore } from './object-store.ts';

/** Some 200 kB of references. */
const PAGE_LENGTH = 1_024;
const MAX_PAGE_LENGTH = 4_096;
/** Pages that a reader keeps. */
const KEPT_PAGES = 64;

/** A list as a specification has it: in the message itself, or stored. */
export interface EitherList<T> {
  readonly inline: readonly T[];
  readonly stored: StoredList | undefined;
}

export interface ListReader<T> {
  readonly length: number;
  get(index: number): Promise<T>;
  [Symbol.asyncIterator](): AsyncIterator<T>;
}

/** Keeps a list that fits into one page for the message; a longer one goes into the store, a page at a time. */
export async function keepList<T>(
  objects: Pick<ObjectStore, 'put'>,
  runs: AsyncIterable<readonly T[]>,
  encode: (page: T[]) => Uint8Array,
): Promise<{ inline: T[]; stored: StoredList | undefined }> {
  const stored: StoredList = { pages: [], length: 0n, pageLength: PAGE_LENGTH };
  let waiting: T[] = [];
  const put = async (page: T[]) => {
    stored.pages.push(await objects.put(encode(page)));
    stored.length += BigInt(page.length);
  };
  for await (const run of runs) {
    for (const item of run) {
      if (waiting.length === PAGE_LENGTH) {
        await put(waiting);
        waiting = [];
      }
      waiting.push(item);
    }
  }
  if (stored.pages.length === 0) return { inline: waiting, stored: undefined };
  await put(waiting);
  return { inline: [], stored };
}

/**
 * @param field of the list in its specification, for errors
 * @throws INVALID_ARGUMENT where the list does not say what it is
 */
export function openList<T>(
  objects: ObjectReader,
  { inline, stored }: EitherList<T>,
  { field, decode }: { readonly field: string; readonly decode: (page: Uint8Array) => readonly T[] },
): ListReader<T> {
  const length = lengthOf({ inline, stored }, field);
  const { pages, pageLength } = stored ?? { pages: [], pageLength: Math.max(1, length) };
  // Oldest first.
  const kept = new Map<number, Promise<readonly T[]>>();

  const readPage = async (index: number): Promise<readonly T[]> => {
    const items = decode(await objects.get(pages[index]!));
    const expected = Math.min(pageLength, length - index * pageLength);
    if (items.length === expected) return items;
    throw new CpralError('DATA_LOSS', `${field}: page ${index}: expected ${expected} items, got ${items.length}`, {
      field,
    });
  };
  const pageAt = (index: number): Promise<readonly T[]> => {
    if (!stored) return Promise.resolve(inline);
    const page = kept.get(index) ?? readPage(index);
    kept.delete(index);
    kept.set(index, page);
    page.catch(() => kept.delete(index));
    const [oldest] = kept.keys();
    if (kept.size > KEPT_PAGES) kept.delete(oldest!);
    return page;
  };
  const get = async (index: number) => (await pageAt(Math.floor(index / pageLength)))[index % pageLength]!;

  return {
    length,
    get,
    async *[Symbol.asyncIterator]() {
      for (let index = 0; index < length; index++) yield await get(index);
    },
  };
}

/** @throws INVALID_ARGUMENT where a stored list contradicts itself, or comes beside another one */
export function lengthOf({ inline, stored }: EitherList<unknown>, field: string): number {
  if (!stored) return inline.length;
  const { pages, pageLength } = stored;
  const wrong = (expected: string, got: string) => invalid(`${field}: expected ${expected}, got ${got}`, { field });
  if (inline.length > 0) throw wrong('a list in the message or a stored one', 'both');
  if (!Number.isInteger(pageLength) || pageLength < 1 || pageLength > MAX_PAGE_LENGTH)
    throw wrong(`a page_length from 1 to ${MAX_PAGE_LENGTH}`, `${pageLength}`);
  const length = Number(stored.length);
  if (length < 0 || Math.ceil(length / pageLength) !== pages.length)
    throw wrong(`the pages of ${stored.length} items, ${pageLength} each`, `${pages.length} pages`);
  return length;
}
