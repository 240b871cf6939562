// The cluster's API by HTTP, through kubectl, which knows how to log in; and a way to a port inside the cluster.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface Api {
  get<T>(path: string): Promise<T>;
  create(path: string, body: object): Promise<void>;
  /** A JSON merge patch. */
  patch(path: string, body: object): Promise<void>;
  /** At once, without asking a kubelet; what is gone already is no error. */
  remove(path: string): Promise<void>;
  /** What happens to the objects of a collection, from now on, until the API is closed. */
  watch<T>(path: string): AsyncGenerator<{ readonly type: string; readonly object: T }>;
  close(): Promise<void>;
}

const REQUEST_LIMIT_MS = 60_000;

export async function openApi(): Promise<Api> {
  const proxy = await startForwarder(['proxy', '--port=0'], /serve on (\S+)/);
  const closing = new AbortController();
  const send = async (method: string, path: string, body?: object, accepted: readonly number[] = []) => {
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const response = await fetch(`http://${proxy.address}${path}`, {
      method,
      headers: { 'content-type': type },
      // One of its own: a shared one keeps a listener for each request that ever was.
      signal: AbortSignal.any([closing.signal, AbortSignal.timeout(REQUEST_LIMIT_MS)]),
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok && !accepted.includes(response.status)) throw new Error(`${method} ${path}: ${text}`);
    return text;
  };
  return {
    get: async (path) => JSON.parse(await send('GET', path)),
    create: async (path, body) => void (await send('POST', path, body)),
    patch: async (path, body) => void (await send('PATCH', path, body, [404])),
    remove: async (path) => void (await send('DELETE', path, { gracePeriodSeconds: 0 }, [404])),
    async *watch(path) {
      const signal = closing.signal;
      const response = await fetch(`http://${proxy.address}${path}?watch=true`, { signal });
      let rest = '';
      const text = new TextDecoder();
      try {
        for await (const bytes of response.body ?? []) {
          const lines = `${rest}${text.decode(bytes, { stream: true })}`.split('\n');
          rest = lines.pop() ?? '';
          for (const line of lines) yield JSON.parse(line);
        }
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    },
    async close() {
      closing.abort();
      await proxy.close();
    },
  };
}

export interface Forwarder {
  /** HOST:PORT on this machine. */
  readonly address: string;
  close(): Promise<void>;
}

/** @param target such as deployment/cpral-pool-registry */
export function forwardPort(namespace: string, target: string, port: number): Promise<Forwarder> {
  return startForwarder(['port-forward', '--namespace', namespace, target, `:${port}`], /from (127\.0\.0\.1:\d+)/);
}

async function startForwarder(args: readonly string[], says: RegExp): Promise<Forwarder> {
  const running = spawn('kubectl', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(running, 'exit');
  const close = async () => {
    running.kill();
    await ended;
  };
  for await (const line of createInterface({ input: running.stdout })) {
    const address = says.exec(line)?.[1];
    if (!address) continue;
    running.stdout.resume();
    return { address, close };
  }
  throw new Error(`kubectl ${args[0]}: ended before it said where it listens`);
}
