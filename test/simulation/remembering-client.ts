// PGlite made fast enough for thousands of seeds: statements are planned once, and a question is asked again only where a table
// that it reads was written since. Loops that poll ask the same ones all the time.
import type { PGlite, Results } from '@electric-sql/pglite';

export type Client = Pick<PGlite, 'exec'>;

export interface Question {
  readonly sql: string;
  readonly params: readonly unknown[];
  readonly rowMode?: 'array' | 'object' | undefined;
}

export interface Answer {
  readonly results: Results;
  /** The table that was written. */
  readonly wrote: string | undefined;
}

export interface RememberingClient {
  /** @param before statements that go ahead where the database is asked */
  run(question: Question, before?: () => string): Promise<Answer>;
  /** What was read of these tables counts no more. */
  forget(tables: Iterable<string>): void;
}

/** @param nowMs the time that SQL's now() gives */
export function rememberingClient(client: Client, nowMs: () => number): RememberingClient {
  const answers = new Map<string, { readonly stamp: string; readonly results: Results }>();
  const versions = new Map<string, number>();
  const forget = (tables: Iterable<string>) => {
    for (const table of tables) versions.set(table, (versions.get(table) ?? 0) + 1);
  };
  const stampOf = (tables: readonly string[]) => tables.map((table) => versions.get(table) ?? 0).join();

  return {
    forget,
    async run({ sql, params, rowMode }, before) {
      const { tables, asksForTime, writes, isQuery } = traitsOf(sql);
      const values = params.map(literal).join();
      // An answer that depends on the time is none to remember.
      const key = asksForTime ? '' : `${rowMode} ${values} ${sql}`;
      const known = asksForTime ? undefined : answers.get(key);
      if (known?.stamp === stampOf(tables)) return { results: known.results, wrote: undefined };
      const statement = await prepared(client, sql);
      const time = asksForTime ? `set simulation.now = '${new Date(nowMs()).toISOString()}';` : '';
      const execute = values ? `execute ${statement}(${values})` : `execute ${statement}`;
      // One message for all: a seed sends hundreds.
      const answer = await client.exec(`${before?.() ?? ''}${time}${execute}`, rowMode && { rowMode });
      const results = answer.at(-1);
      // A query with a change inside counts the rows of the query.
      const wrote = isQuery || (results!.affectedRows ?? 0) > 0 ? writes : undefined;
      if (wrote) forget([wrote]);
      else if (!asksForTime) answers.set(key, { stamp: stampOf(tables), results: results! });
      return { results: results!, wrote };
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

const statements = new WeakMap<Client, Map<string, string>>();

async function prepared(client: Client, sql: string): Promise<string> {
  const known = statements.get(client) ?? new Map<string, string>();
  statements.set(client, known);
  const found = known.get(sql);
  if (found) return found;
  const name = `simulated_${known.size}`;
  await client.exec(`prepare ${name} as ${sql}`);
  known.set(sql, name);
  return name;
}

function literal(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return `'${value}'`;
  const text = value instanceof Date ? value.toISOString() : typeof value === 'string' ? value : JSON.stringify(value);
  return `'${text.replaceAll("'", "''")}'`;
}
