// Questions that a server answers once it is up.
const ANSWER_LIMIT_MS = 2_000;

/** @throws where the address gives no 2xx */
export async function answersOk(url: string): Promise<void> {
  const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_LIMIT_MS) });
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
}
