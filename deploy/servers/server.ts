// A server as a process: started until it answers, stopped, killed, started again on the same port and data.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { containerCommand, pullImage, signalContainer } from './container.ts';
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
  /** @param listener hears each time that it ends and nobody ended it through this */
  onDeath(listener: () => void): void;
}

export interface ServerSpec {
  readonly name: string;
  readonly url: string;
  readonly port: number;
  readonly folder: string;
  readonly program: Program;
  /** The folder of its data, which stays. */
  readonly data?: string;
  /** @param data that folder, as the server sees it */
  readonly args: (data: string) => readonly string[];
  readonly env?: Record<string, string>;
  /** Ends it in order. */
  readonly stopSignal?: NodeJS.Signals;
  /** The user to run as, where the starter is root and the server must not be. */
  readonly user?: string | undefined;
  /** Throws until the server answers. */
  readonly probe: () => Promise<void>;
}

/** Where the server's data is in its own eyes. */
export function dataSeenBy(program: Program, data: string): string {
  return program.kind === 'container' ? program.image.data : data;
}

export async function startServer(spec: ServerSpec): Promise<Server> {
  const { name, url, port, folder, program, stopSignal = 'SIGTERM' } = spec;
  const logFile = path.join(folder, `${name}.log`);
  const deaths = new EventEmitter();
  let running: Running | undefined;

  const isRunning = () => running !== undefined && isAlive(running.child);
  const signal = (wanted: NodeJS.Signals) => running?.signal(wanted);
  const end = async (wanted: NodeJS.Signals) => {
    if (!running || !isRunning()) return;
    running.ending = true;
    const exited = once(running.child, 'exit');
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
    pid: () => running?.child.pid ?? 0,
    signal,
    async start() {
      if (isRunning()) return;
      const started = run(spec, logFile, stopSignal);
      running = started;
      const failed = once(started.child, 'error').then(([error]) => Promise.reject(error));
      failed.catch(() => {});
      await Promise.race([failed, untilAnswers(spec, isRunning, logFile)]).catch(async (error) => {
        await end('SIGKILL');
        throw error;
      });
      const died = () => started.ending || deaths.emit('death');
      if (isAlive(started.child)) started.child.once('exit', died);
      else died();
    },
    stop: () => end(stopSignal),
    kill: () => end('SIGKILL'),
    onDeath: (listener) => void deaths.on('death', listener),
  };
  if (program.kind === 'container') pullImage(program.engine, program.image);
  await server.start();
  return server;
}

interface Running {
  readonly child: ChildProcess;
  /** To the server itself. */
  signal(signal: NodeJS.Signals): void;
  /** Somebody wants it to end. */
  ending: boolean;
}

function run({ name, program, data, args, env, user }: ServerSpec, logFile: string, stopSignal: string): Running {
  const asUser = user ? ['--reuid', user, '--regid', user, '--init-groups'] : [];
  // The kernel ends the server when its starter dies, however it dies.
  const guard = [...asUser, '--pdeathsig', stopSignal.replace('SIG', '')];
  const own = args(dataSeenBy(program, data ?? ''));
  const container = `cpral-${name}-${randomUUID().slice(0, 8)}`;
  const command =
    program.kind === 'file'
      ? [program.file, ...own]
      : containerCommand(program.engine, {
          name: container,
          image: program.image,
          data,
          args: own,
          variables: Object.keys(env ?? {}),
        });
  const log = openSync(logFile, 'a');
  const child = spawn('setpriv', [...guard, ...command], {
    env: { ...process.env, ...env },
    stdio: ['ignore', log, log],
    // Ctrl-C in a terminal reaches the starter alone; it ends its servers after those that use them.
    detached: true,
  });
  closeSync(log);
  return {
    child,
    ending: false,
    signal(wanted) {
      if (program.kind === 'container') signalContainer(program.engine, container, wanted);
      else child.kill(wanted);
    },
  };
}

function isAlive({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
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
