// Pages: a token names the last row seen, so that rows which come or go do not shift the next page.
import { invalid } from '../../shared/errors.ts';

const DEFAULT_PAGE_SIZE = 50;
const MAX_PAGE_SIZE = 1000;
/** Of the list with the longest order. */
const MAX_KEY_PARTS = 5;
const MAX_KEY_NUMBER = 2 ** 31;
/** Of rows that may be large: well below the 4 MiB that a client takes. */
const MAX_PAGE_BYTES = 1 << 20;

export interface Page {
  readonly limit: number;
  /** The sort key of the last row of the page before; undefined for the first page. */
  readonly after: readonly (string | number)[] | undefined;
}

export function readPage(request: { pageSize: number; pageToken: string }): Page {
  const { pageSize, pageToken } = request;
  if (pageSize < 0) throw invalid(`page_size: expected 0 to ${MAX_PAGE_SIZE}, got ${pageSize}`, { field: 'page_size' });
  return {
    limit: Math.min(pageSize || DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE),
    after: pageToken ? decode(pageToken) : undefined,
  };
}

/** Names that a list is narrowed to. @throws INVALID_ARGUMENT where they are more than a page holds */
export function checkNames(field: string, names: readonly string[]): readonly string[] | undefined {
  if (names.length > MAX_PAGE_SIZE) {
    throw invalid(`${field}: expected at most ${MAX_PAGE_SIZE}, got ${names.length}`, { field });
  }
  return names.length > 0 ? names : undefined;
}

/** @param rows one more than the page holds where there is a next page */
export function cutPage<Row>(rows: readonly Row[], page: Page, key: (row: Row) => readonly (string | number)[]) {
  const kept = rows.slice(0, page.limit);
  const last = kept.at(-1);
  const nextPageToken =
    rows.length > page.limit && last ? Buffer.from(JSON.stringify(key(last))).toString('base64url') : '';
  return { rows: kept, nextPageToken };
}

/** The page cut where its rows would come to more than a message holds; it has one row at least. */
export function fittingPage<Row>(rows: readonly Row[], page: Page, encodedBytes: (row: Row) => number): Page {
  let bytes = 0;
  const tooMany = rows.findIndex((row, i) => {
    bytes += encodedBytes(row);
    return i > 0 && bytes > MAX_PAGE_BYTES;
  });
  return tooMany < 0 ? page : { ...page, limit: Math.min(page.limit, tooMany) };
}

function decode(token: string): readonly (string | number)[] {
  try {
    const key: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    // With fewer parts than its list has it is not ours either; an empty one is no time and no number, and before all names.
    if (Array.isArray(key) && key.every(isKeyPart)) return [...key, '', '', '', '', ''].slice(0, MAX_KEY_PARTS);
  } catch {
    // Not ours: refused below like any other token that we did not make.
  }
  throw invalid('page_token: expected a token from the page before, got something else', { field: 'page_token' });
}

/** Numbers are cycles, ranks and shares. */
function isKeyPart(part: unknown): part is string | number {
  return typeof part === 'string' || (typeof part === 'number' && Math.abs(part) < MAX_KEY_NUMBER);
}
