// The benchmarks, on the pinned Node, once everything is set up.
import { spawnSync } from 'node:child_process';
import { root, setUpOrExit } from './setup.mjs';

const node = await setUpOrExit();
const { status } = spawnSync(node, ['test/bench/main.ts', ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
process.exit(status ?? 1);
