// Keeps a service's process up: started again when it dies, later each time it dies young.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import type { Say } from '../servers/say.ts';

const FIRST_WAIT_MS = 500;
const MAX_WAIT_MS = 30_000;
/** Who lived so long is not dying of its start. */
const HEALTHY_AFTER_MS = 30_000;
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
  let waitMs = restartMs ?? FIRST_WAIT_MS;

  const start = () => {
    const log = openSync(logFile, 'a');
    const startTime = Date.now();
    // The kernel ends the service when this process dies, however it dies.
    const args = ['--pdeathsig', 'TERM', process.execPath, program];
    child = spawn('setpriv', args, { env: { ...process.env, ...env }, stdio: ['ignore', log, log], detached: true });
    closeSync(log);
    child.once('exit', (code, signal) => {
      child = undefined;
      if (stopping) return;
      deaths++;
      if (restartMs === undefined && Date.now() - startTime > HEALTHY_AFTER_MS) waitMs = FIRST_WAIT_MS;
      say(
        `${name} ended ${signal ? `by ${signal}` : `with code ${code}`}, starting it again in ${waitMs} ms: ${logFile}`,
      );
      timer = setTimeout(start, waitMs);
      if (restartMs === undefined) waitMs = Math.min(2 * waitMs, MAX_WAIT_MS);
    });
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
