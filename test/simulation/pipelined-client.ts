// PGlite made fast enough for thousands of seeds: each statement is parsed and planned once, and what can wait, a commit above all,
// goes ahead of the next question in one message.
import { type messages, type PGlite, parse, protocol, type Results } from '@electric-sql/pglite';

export interface Question {
  readonly sql: string;
  readonly params?: readonly unknown[];
  readonly rowMode?: 'array' | 'object' | undefined;
}

export interface PipelinedClient {
  /** Sends a statement with the next question. Whoever asks sees what it did: nobody else has this database. */
  ahead(sql: string, params?: readonly unknown[]): void;
  ask(question: Question): Promise<Results>;
  /** One message for all. */
  askAll(questions: readonly Question[]): Promise<Results[]>;
}

interface Statement {
  readonly name: string;
  /** What PostgreSQL says of its columns, once. */
  columns: messages.RowDescriptionMessage | undefined;
}

const { serialize } = protocol;

export function pipelinedClient(client: Pick<PGlite, 'execProtocol' | 'parsers'>): PipelinedClient {
  const statements = new Map<string, Statement>();
  let named = 0;
  let waiting: Question[] = [];

  const askAll = async (questions: readonly Question[]): Promise<Results[]> => {
    const all = [...waiting, ...questions];
    waiting = [];
    const parts: Uint8Array[] = [];
    const fresh: string[] = [];
    for (const { sql, params = [] } of all) {
      let statement = statements.get(sql);
      const isNew = !statement;
      if (!statement) {
        statement = { name: `simulated_${named++}`, columns: undefined };
        statements.set(sql, statement);
        fresh.push(sql);
        parts.push(serialize.parse({ name: statement.name, text: sql }));
      }
      parts.push(serialize.bind({ statement: statement.name, values: params.map(textOf) }));
      if (isNew) parts.push(serialize.describe({ type: 'P' }));
      parts.push(serialize.execute({}));
    }
    parts.push(serialize.sync());
    try {
      const answer = await client.execProtocol(new Uint8Array(Buffer.concat(parts)));
      return resultsOf(answer.messages, all).slice(-questions.length);
    } catch (error) {
      // After an error PostgreSQL skips the rest: what was new may not be known to it.
      for (const sql of fresh) statements.delete(sql);
      throw error;
    }
  };

  const resultsOf = (answers: readonly messages.BackendMessage[], questions: readonly Question[]): Results[] => {
    const results: Results[] = [];
    let rows: messages.BackendMessage[] = [];
    for (const message of answers) {
      const { sql, rowMode } = questions[results.length] ?? { sql: '' };
      const statement = statements.get(sql);
      if (message.name === 'rowDescription' && statement) statement.columns = message as messages.RowDescriptionMessage;
      else if (message.name === 'dataRow') rows.push(message);
      else if (message.name === 'commandComplete') {
        const columns = statement?.columns ? [statement.columns] : [];
        results.push(...parse.parseResults([...columns, ...rows, message], client.parsers, rowMode && { rowMode }));
        rows = [];
      }
    }
    return results;
  };

  return {
    ahead: (sql, params = []) => void waiting.push({ sql, params }),
    ask: async (question) => (await askAll([question]))[0]!,
    askAll,
  };
}

function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
