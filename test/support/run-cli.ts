// The real command line as a process group of its own, so that a test can kill the whole tree as a power cut would.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface CliRun {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * @param killAt called with each line of stderr; where it says true, every process of the tree gets SIGKILL
 * @returns how it ended
 */
export function runCli(args: readonly string[], killAt: (line: string) => boolean = () => false): Promise<CliRun> {
  const child = spawn(process.execPath, ['services/cli/main.ts', ...args], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  createInterface({ input: child.stderr }).on('line', (line) => {
    stderr += `${line}\n`;
    if (child.pid && killAt(line)) process.kill(-child.pid, 'SIGKILL');
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal, stdout, stderr }));
  });
}
