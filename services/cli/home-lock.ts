// One process may hold a home. The lock is a listening socket in Linux's abstract namespace, named after the folder: the kernel
// takes it back when its process dies, however it dies, and whoever finds it taken asks it for the services' address.
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir, realpath } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { CpralError, invalid } from '../shared/errors.ts';

const ASK_TIMEOUT_MS = 60_000;

export type HomeLock =
  | { readonly held: true; readonly folder: string; announce(address: string): void; release(): Promise<void> }
  | { readonly held: false; readonly folder: string; readonly address: string };

/** Takes the home, or finds out where its services listen. Makes the folder where it is missing. */
export async function lockHome(home: string): Promise<HomeLock> {
  const folder = await openHome(home);
  const name = `\0cpral/${createHash('sha256').update(folder).digest('hex')}`;
  const address = Promise.withResolvers<string>();
  const server = createServer((socket) => {
    socket.on('error', () => {});
    address.promise.then((text) => socket.end(text));
  });
  if (!(await listen(server, name))) return { held: false, folder, address: await ask(name, folder) };
  return {
    held: true,
    folder,
    announce: address.resolve,
    release: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function openHome(home: string): Promise<string> {
  try {
    await mkdir(home, { recursive: true });
    await access(home, constants.R_OK | constants.W_OK | constants.X_OK);
    return await realpath(home);
  } catch (cause) {
    const why = cause instanceof Error && 'code' in cause ? cause.code : cause;
    throw invalid(`--home ${home}: expected a folder that can be written, got ${why}`, { field: 'home', cause });
  }
}

function listen(server: Server, name: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(false) : reject(error),
    );
    server.listen(name, () => {
      // The lock must not keep the process alive.
      server.unref();
      resolve(true);
    });
  });
}

function ask(name: string, folder: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const refuse = (cause?: unknown) =>
      reject(
        new CpralError('UNAVAILABLE', `another process holds ${folder} and does not say where it listens`, {
          cause,
          field: 'home',
        }),
      );
    const socket = connect(name).setEncoding('utf8').setTimeout(ASK_TIMEOUT_MS);
    let text = '';
    socket.on('data', (part) => {
      text += part;
    });
    socket.on('end', () => (text ? resolve(text) : refuse()));
    socket.on('timeout', () => socket.destroy(new Error('no answer')));
    socket.on('error', refuse);
  });
}
