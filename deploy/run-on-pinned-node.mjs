// Runs one of the project's TypeScript programs: sets up what is missing, then starts it on the pinned Node.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { root, setUpOrExit } from './setup.mjs';

/** @param {string} program relative to the project's root; it gets this process's arguments */
export async function runOnPinnedNode(program) {
  const node = await setUpOrExit();
  const child = spawn(node, [path.join(root, program), ...process.argv.slice(2)], { stdio: 'inherit' });
  // Ctrl-C reaches the program too; it decides how to end, and this process ends with it.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code, signal) => process.exit(signal ? 128 + 15 : (code ?? 1)));
}
