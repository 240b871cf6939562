// Keeps a service's process up: started again when it dies, later each time it dies young.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import type { Say } from '../servers/say.ts';
import { restartWaits } from './restart-waits.ts';

const STOP_LIMIT_MS = 20_000;

export interface SupervisedSpec {
  readonly name: string;
  readonly program: string;
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
  readonly say: Say;
  /** Always waits so long before it starts it again; without it, longer each time. */
  readonly restartMs?: number | undefined;
}

export interface Supervised {
  /** Undefined while it waits to be started again. */
  pid(): number | undefined;
  /** How often it died by itself. */
  deaths(): number;
  /** SIGTERM, or SIGKILL where that takes too long; it is not started again. */
  stop(): Promise<void>;
}

export function supervise({ name, program, env, logFile, say, restartMs }: SupervisedSpec): Supervised {
  let child: ChildProcess | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopping = false;
  let deaths = 0;
  const nextWait = restartMs === undefined ? restartWaits() : () => restartMs;

  const start = () => {
    const log = openSync(logFile, 'a');
    const startTime = Date.now();
    // The kernel ends the service when this process dies, however it dies.
    const args = ['--pdeathsig', 'TERM', process.execPath, program];
    child = spawn('setpriv', args, { env: { ...process.env, ...env }, stdio: ['ignore', log, log], detached: true });
    closeSync(log);
    const died = (how: string) => {
      child = undefined;
      if (stopping) return;
      deaths++;
      const waitMs = nextWait(Date.now() - startTime);
      say(`${name} ${how}, starting it again in ${waitMs} ms: ${logFile}`);
      timer = setTimeout(start, waitMs);
    };
    child.once('exit', (code, signal) => died(`ended ${signal ? `by ${signal}` : `with code ${code}`}`));
    child.once('error', (error) => died(`could not be started: ${error.message}`));
  };
  start();

  return {
    pid: () => child?.pid,
    deaths: () => deaths,
    async stop() {
      stopping = true;
      clearTimeout(timer);
      if (!child) return;
      const running = child;
      const exited = once(running, 'exit');
      running.kill('SIGTERM');
      const limit = setTimeout(() => running.kill('SIGKILL'), STOP_LIMIT_MS);
      await exited;
      clearTimeout(limit);
    },
  };
}
