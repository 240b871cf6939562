// One request to the server: with a deadline, again where that is safe, and with an error that says what happened.
import type { Problem } from '../../api-types.ts';
import { csrfHeader, signIn } from './session.ts';

const TIMEOUT_MS = 20_000;
/** Tries of a request that may be made twice, and the pause before the second; it doubles. */
const MOST_TRIES = 3;
const FIRST_PAUSE_MS = 300;
/** Answers of what stands between: the server itself may have said nothing yet. */
const PASSING_STATUS = new Set([502, 503, 504]);

export const API = '/api/v1';

/** The server answered, and the answer is no. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail || problem.title);
    this.problem = problem;
  }
}

/** No answer came. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

export interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly json?: unknown;
  readonly png?: Uint8Array<ArrayBuffer>;
  readonly etag?: string;
  /** Whether making it twice is the same as once. */
  readonly repeatable?: boolean;
}

/** @throws {Refused} {@link Unreachable} */
export async function request(url: string, options: RequestOptions = {}): Promise<Response> {
  const { method = 'GET', repeatable = method === 'GET' } = options;
  for (let tries = 1; ; tries++) {
    try {
      return await once(url, method, options);
    } catch (error) {
      const passing =
        error instanceof Unreachable || (error instanceof Refused && PASSING_STATUS.has(error.problem.status));
      if (!repeatable || !passing || tries === MOST_TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, FIRST_PAUSE_MS * 2 ** (tries - 1)));
    }
  }
}

async function once(url: string, method: string, { json, png, etag }: RequestOptions): Promise<Response> {
  const headers = new Headers();
  if (etag !== undefined) headers.set('if-match', etag);
  if (json !== undefined) headers.set('content-type', 'application/json');
  if (png) headers.set('content-type', 'image/png');
  if (method !== 'GET') for (const [name, value] of await csrfHeader()) headers.set(name, value);
  const body = png ?? (json === undefined ? null : JSON.stringify(json));
  const response = await fetch(url, { method, headers, body, signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(
    (cause) => {
      throw new Unreachable('the server does not answer', { cause });
    },
  );
  if (response.ok) return response;
  const problem = await problemOf(response);
  if (problem.reason === 'NOT_SIGNED_IN') signIn();
  throw new Refused(problem);
}

async function problemOf(response: Response): Promise<Problem> {
  const fallback = { title: `The server answered ${response.status}`, status: response.status, detail: '' };
  if (!response.headers.get('content-type')?.includes('problem+json')) return fallback;
  return { ...fallback, ...((await response.json().catch(() => ({}))) as Partial<Problem>) };
}
