// The session, as far as the page has to do with it: the token beside whatever changes something, and the way to sign in.
const SESSION = '/api/v1/session';
const SIGN_IN = '/sign-in';
const TIMEOUT_MS = 20_000;

let asked: Promise<string> | undefined;

/** Empty where nobody has to sign in. */
export async function csrfHeader(): Promise<[string, string][]> {
  asked ??= readToken();
  const token = await asked;
  return token === '' ? [] : [['csrf-token', token]];
}

/** Leaves the page; drafts are in the browser's own database, and there when it comes back. */
export function signIn(): void {
  asked = undefined;
  (globalThis as { location?: { assign(url: string): void } }).location?.assign(SIGN_IN);
}

async function readToken(): Promise<string> {
  const response = await fetch(SESSION, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(() => undefined);
  if (response?.ok) return ((await response.json()) as { csrfToken: string }).csrfToken;
  // Asked again next time; the request itself will tell what is wrong.
  asked = undefined;
  return '';
}
