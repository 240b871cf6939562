// The tests on a real cluster, on the pinned Node: test/cluster/support/settings.ts says what they need, and
// deploy/kubernetes/on-kit.ts how they make one for themselves.
import { spawnSync } from 'node:child_process';
import { root, setUpOrExit } from './setup.mjs';

const node = await setUpOrExit();
const tests = [
  'node_modules/vitest/vitest.mjs',
  'run',
  '--config',
  'vitest.cluster.config.ts',
  ...process.argv.slice(2),
];
const kit = process.env.CPRAL_CLUSTER_KIT;
const args = kit ? ['deploy/kubernetes/on-kit.ts', kit, node, ...tests] : tests;
const { status } = spawnSync(node, args, { cwd: root, stdio: 'inherit' });
process.exit(status ?? 1);
