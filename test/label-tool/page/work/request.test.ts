import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Refused, request, Unreachable } from '../../../../services/label-tool/page/client/request.ts';

/** What the server does with the next requests; without more of them it answers 200. */
let next: ((response: ServerResponse) => void)[] = [];
let asked = 0;
let url: string;
const server = createServer((message, response) => {
  asked++;
  message.resume();
  const answer = next.shift();
  if (answer) answer(response);
  else response.end('ok');
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
beforeEach(() => {
  next = [];
  asked = 0;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const status = (code: number) => (response: ServerResponse) => response.writeHead(code).end();
const cutOff = (response: ServerResponse) => response.destroy();

describe('a request', () => {
  it('that reads is made again while a gateway answers in place of the server', async () => {
    next = [status(503), status(502)];
    expect(await (await request(url)).text()).toBe('ok');
    expect(asked).toBe(3);
  });

  it('that reads is given up after three tries', async () => {
    next = [status(503), status(503), status(503), status(503)];
    await expect(request(url)).rejects.toBeInstanceOf(Refused);
    expect(asked).toBe(3);
  });

  it('that changes something is made once, or a lost answer would lease two tasks', async () => {
    next = [cutOff];
    await expect(request(url, { method: 'POST', json: {} })).rejects.toBeInstanceOf(Unreachable);
    next = [status(503)];
    await expect(request(url, { method: 'POST', json: {} })).rejects.toBeInstanceOf(Refused);
    expect(asked).toBe(2);
  });

  it('that carries an id of its own is made again', async () => {
    next = [status(504)];
    await request(url, { method: 'POST', json: { requestId: 'a' }, repeatable: true });
    expect(asked).toBe(2);
  });

  it('is not made again where the server itself said no', async () => {
    next = [status(409)];
    await expect(request(url)).rejects.toMatchObject({ problem: { status: 409 } });
    expect(asked).toBe(1);
  });

  it('that is refused tells the problem in the words of the server', async () => {
    next = [
      (response) =>
        response
          .writeHead(422, { 'content-type': 'application/problem+json' })
          .end(
            JSON.stringify({ title: 'Not complete', status: 422, detail: '3 pixels have no label', field: 'draft' }),
          ),
    ];
    await expect(request(url, { method: 'POST' })).rejects.toMatchObject({
      message: '3 pixels have no label',
      problem: { title: 'Not complete', status: 422, field: 'draft' },
    });
  });

  it('that is refused without words says the status', async () => {
    next = [status(418)];
    await expect(request(url, { method: 'POST' })).rejects.toThrow('The server answered 418');
  });
});
