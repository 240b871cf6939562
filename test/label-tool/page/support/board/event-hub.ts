// Those who listen to server-sent events, by address.
import type { ServerResponse } from 'node:http';

export function createEventHub() {
  const listeners = new Map<string, Set<ServerResponse>>();
  return {
    listen(address: string, response: ServerResponse): void {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(': here\n\n');
      const known = listeners.get(address) ?? new Set();
      listeners.set(address, known.add(response));
      response.on('close', () => known.delete(response));
    },
    push(address: string, name: string, data: unknown): void {
      for (const response of listeners.get(address) ?? [])
        response.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
    },
    cut(): void {
      for (const responses of listeners.values()) for (const response of responses) response.destroy();
    },
  };
}
