// A server as a process: started until it answers, stopped, killed, started again on the same port and data.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createContainer, removeContainer, signalContainer } from './container.ts';
import type { Program } from './program.ts';

const START_LIMIT_MS = 60_000;
const POLL_MS = 50;
const STOP_LIMIT_MS = 10_000;
const LOG_TAIL_LINES = 5;

export interface Server {
  readonly name: string;
  /** What clients connect to. */
  readonly url: string;
  readonly port: number;
  readonly logFile: string;
  /** Of the process; of the engine's client where the server is in a container. */
  pid(): number;
  /** Sends a signal to the server itself: SIGSTOP, SIGCONT and so on. */
  signal(signal: NodeJS.Signals): void;
  /** Starts it again after `stop` or `kill`; resolves when it answers. */
  start(): Promise<void>;
  /** Ends it in order, or by SIGKILL where it takes too long. */
  stop(): Promise<void>;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
  /** Stops it for good. */
  remove(): Promise<void>;
}

export interface ServerSpec {
  readonly name: string;
  readonly url: string;
  readonly port: number;
  readonly folder: string;
  readonly program: Program;
  readonly args: readonly string[];
  readonly env?: Record<string, string>;
  /** Ends it in order. */
  readonly stopSignal?: NodeJS.Signals;
  /** The user to run as, where the starter is root and the server must not be. */
  readonly user?: string | undefined;
  /** Throws until the server answers. */
  readonly probe: () => Promise<void>;
}

export async function startServer(spec: ServerSpec): Promise<Server> {
  const { name, url, port, folder, program, stopSignal = 'SIGTERM' } = spec;
  const logFile = path.join(folder, `${name}.log`);
  const container = program.kind === 'container' ? `cpral-${name}-${randomUUID().slice(0, 8)}` : undefined;
  let child: ChildProcess | undefined;

  const signal = (wanted: NodeJS.Signals) => {
    if (program.kind === 'container' && container) signalContainer(program.engine, container, wanted);
    else child?.kill(wanted);
  };
  const isRunning = () => child !== undefined && child.exitCode === null && child.signalCode === null;
  const end = async (wanted: NodeJS.Signals) => {
    if (!child || !isRunning()) return;
    const exited = once(child, 'exit');
    signal(wanted);
    const timer = setTimeout(() => signal('SIGKILL'), STOP_LIMIT_MS);
    await exited;
    clearTimeout(timer);
  };

  const server: Server = {
    name,
    url,
    port,
    logFile,
    pid: () => child?.pid ?? 0,
    signal,
    async start() {
      if (isRunning()) return;
      const log = openSync(logFile, 'a');
      const [command, ...args] = commandOf(spec, container, stopSignal);
      child = spawn(command ?? '', args, {
        env: { ...process.env, ...spec.env },
        stdio: ['ignore', log, log],
        // Ctrl-C in a terminal reaches the starter alone; it ends its servers after those that use them.
        detached: true,
      });
      closeSync(log);
      const failed = once(child, 'error').then(([error]) => Promise.reject(error));
      await Promise.race([failed, untilAnswers(spec, isRunning, logFile)]).catch(async (error) => {
        await end('SIGKILL');
        throw error;
      });
      failed.catch(() => {});
    },
    stop: () => end(stopSignal),
    kill: () => end('SIGKILL'),
    async remove() {
      await end(stopSignal);
      if (program.kind === 'container' && container) removeContainer(program.engine, container);
    },
  };
  if (program.kind === 'container' && container) {
    const { image, engine } = program;
    const env = { ...spec.env, ...image.env?.(port) };
    createContainer(engine, { name: container, image: image.name, args: image.args(port), env });
  }
  await server.start();
  return server;
}

/** The kernel ends the server when its starter dies, however it dies. */
function commandOf({ program, args, user }: ServerSpec, container: string | undefined, stopSignal: string): string[] {
  const asUser = user ? ['--reuid', user, '--regid', user, '--init-groups'] : [];
  const guarded = ['setpriv', ...asUser, '--pdeathsig', stopSignal.replace('SIG', '')];
  if (program.kind === 'container') return [...guarded, program.engine, 'start', '--attach', container ?? ''];
  return [...guarded, program.file, ...args];
}

async function untilAnswers({ name, probe }: ServerSpec, isRunning: () => boolean, logFile: string): Promise<void> {
  const end = Date.now() + START_LIMIT_MS;
  for (;;) {
    if (!isRunning()) throw new Error(`${name} ended while it started: ${tail(logFile)}`);
    try {
      return await probe();
    } catch (cause) {
      if (Date.now() > end) throw new Error(`${name} does not answer; its log is ${logFile}`, { cause });
    }
    await sleep(POLL_MS);
  }
}

function tail(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-LOG_TAIL_LINES).join('\n');
}
