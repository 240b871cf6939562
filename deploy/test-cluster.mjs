// The tests on a real cluster, on the pinned Node: test/cluster/support/settings.ts says what they need.
import { spawnSync } from 'node:child_process';
import { root, setUpOrExit } from './setup.mjs';

const node = await setUpOrExit();
const args = [
  'node_modules/vitest/vitest.mjs',
  'run',
  '--config',
  'vitest.cluster.config.ts',
  ...process.argv.slice(2),
];
const { status } = spawnSync(node, args, { cwd: root, stdio: 'inherit' });
process.exit(status ?? 1);
