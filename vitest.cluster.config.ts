// npm run test:cluster: on a real cluster, the one that KUBECONFIG names. Not a part of npm test; test/cluster/support/settings.ts says
// what it needs.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/cluster/*.test.ts'],
    // One cluster: a test has all of it.
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 15 * 60_000,
    hookTimeout: 15 * 60_000,
    bail: 1,
  },
});
