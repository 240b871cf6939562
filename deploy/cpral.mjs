#!/usr/bin/env node
// The command line's first step: sets up what is missing, then runs the command on the pinned Node.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { root, setUpOrExit } from './setup.mjs';

const node = await setUpOrExit();
const child = spawn(node, [path.join(root, 'services/cli/main.ts'), ...process.argv.slice(2)], { stdio: 'inherit' });
// Ctrl-C reaches the command too; it decides how to end, and this process ends with it.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code, signal) => process.exit(signal ? 128 + 15 : (code ?? 1)));
