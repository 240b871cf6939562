// Asks a question again only where a table that it reads was written since. Loops that poll ask the same ones all the time.
import type { Results } from '@electric-sql/pglite';
import type { PipelinedClient, Question } from './pipelined-client.ts';

export interface Answer {
  readonly results: Results;
  /** The table that was written. */
  readonly wrote: string | undefined;
}

export interface RememberingClient {
  /** @param before called where the database is asked */
  run(question: Question, before?: () => void): Promise<Answer>;
  /** What was read of these tables counts no more. */
  forget(tables: Iterable<string>): void;
}

const SET_TIME = `select set_config('simulation.now', $1, false)`;

/** @param nowMs the time that SQL's now() gives */
export function rememberingClient(client: PipelinedClient, nowMs: () => number): RememberingClient {
  const answers = new Map<string, { readonly stamp: string; readonly results: Results }>();
  const versions = new Map<string, number>();
  const forget = (tables: Iterable<string>) => {
    for (const table of tables) versions.set(table, (versions.get(table) ?? 0) + 1);
  };
  const stampOf = (tables: readonly string[]) => tables.map((table) => versions.get(table) ?? 0).join();

  return {
    forget,
    async run(question, before) {
      const { sql, params, rowMode } = question;
      const { tables, asksForTime, writes, isQuery } = traitsOf(sql);
      // An answer that depends on the time is none to remember.
      const key = asksForTime ? '' : `${rowMode} ${JSON.stringify(params)} ${sql}`;
      const known = asksForTime ? undefined : answers.get(key);
      if (known?.stamp === stampOf(tables)) return { results: known.results, wrote: undefined };
      before?.();
      if (asksForTime) client.ahead(SET_TIME, [new Date(nowMs()).toISOString()]);
      const results = await client.ask(question);
      // A query with a change inside counts the rows of the query.
      const wrote = isQuery || (results.affectedRows ?? 0) > 0 ? writes : undefined;
      if (wrote) forget([wrote]);
      else if (!asksForTime) answers.set(key, { stamp: stampOf(tables), results });
      return { results, wrote };
    },
  };
}

interface Traits {
  /** Every table that it names. */
  readonly tables: readonly string[];
  readonly asksForTime: boolean;
  /** The table that it writes. */
  readonly writes: string | undefined;
  /** It gives rows of its own, whatever it writes beside. */
  readonly isQuery: boolean;
}

const traits = new Map<string, Traits>();

function traitsOf(sql: string): Traits {
  const known = traits.get(sql);
  if (known) return known;
  const tables = [...sql.matchAll(/\b(?:from|join|into|update)\s+"?(\w+)"?/gi)].map(([, table]) => table!);
  // The tables' defaults ask for the time too.
  const asksForTime = /\bnow\(\)|^\s*insert/i.test(sql);
  const unlocked = sql.replaceAll(/\bfor (no key )?update\b/gi, '');
  const writes = /\b(?:insert\s+into|update|delete\s+from)\s+"?(\w+)"?/i.exec(unlocked)?.[1];
  const found = { tables, asksForTime, writes, isQuery: /^\s*(?:select|with)/i.test(sql) };
  traits.set(sql, found);
  return found;
}
