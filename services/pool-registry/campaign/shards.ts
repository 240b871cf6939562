// Lists cut into runs, and rows read a page after the other, so that memory holds one page however many there are. Pure.

/** Cuts a list into runs of at most `size`. */
export function shards<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}

/** The same runs from a list that comes in pages, whatever the pages' length. */
export async function* shardsOf<T>(pages: AsyncIterable<readonly T[]>, size: number): AsyncGenerator<T[]> {
  let rest: T[] = [];
  for await (const page of pages) {
    const full = shards([...rest, ...page], size);
    rest = full.at(-1)?.length === size ? [] : (full.pop() ?? []);
    yield* full;
  }
  if (rest.length > 0) yield rest;
}

/** @param read gives the rows that follow one, or the first ones; an empty page is the end */
export async function* pagesOf<T>(read: (after: T | undefined) => Promise<T[]>): AsyncGenerator<T[]> {
  let page = await read(undefined);
  while (page.length > 0) {
    yield page;
    page = await read(page.at(-1));
  }
}
