import { defineConfig } from 'vitest/config';

/** Tests of what only real servers can show. */
const ON_SERVERS = [
  'test/deploy/servers.test.ts',
  'test/pool-registry/servers/*.test.ts',
  'test/shared/objects/*.test.ts',
  'test/shared/bus/{contract,nats-bus,nats-login,nats-rights,nats-cluster}.test.ts',
  'test/bench/scale/*.test.ts',
];
/** Its seeds keep two processes busy for minutes: beside others it would be timed with them. */
const SIMULATION = ['test/simulation/*.test.ts'];
/** Campaigns on processes and servers of their own: after all others and one after the other, each has all that the machine gives. */
const FAULTS = ['test/system/faults/*.test.ts'];
/** What Helm makes of the chart; with tools that Go builds once. */
const CHARTS = ['test/charts/*.test.ts'];
/** On a real cluster, which they are told: npm run test:cluster. */
const CLUSTER = ['test/cluster/*.test.ts'];
/** Tests that must pass on either database, and either bus: they run in one process, and again on PostgreSQL and NATS. */
const ON_BOTH = ['test/pool-registry/*.test.ts', 'test/system/tracing.test.ts'];
/** The labelling page: its geometry, and the page itself in a real Chromium. By itself, because it is timed and TensorFlow takes all cores. */
const PAGE = ['test/label-tool/page/**/*.test.ts'];

export default defineConfig({
  test: {
    pool: 'forks',
    // TensorFlow takes all cores by itself.
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 180_000,
    // As services set it before they load TensorFlow: a dilated convolution has a gradient on a CPU only with oneDNN.
    env: { TF_ENABLE_ONEDNN_OPTS: '1', TF_CPP_MIN_LOG_LEVEL: '2' },
    projects: [
      {
        extends: true,
        test: {
          name: 'alone',
          include: ['test/**/*.test.ts'],
          exclude: [...ON_SERVERS, ...SIMULATION, ...FAULTS, ...CHARTS, ...CLUSTER, ...PAGE],
        },
      },
      { extends: true, test: { name: 'charts', include: CHARTS, globalSetup: 'test/support/find-chart-tools.ts' } },
      { extends: true, test: { name: 'simulation', include: SIMULATION, sequence: { groupOrder: 1 } } },
      { extends: true, test: { name: 'faults', include: FAULTS, maxWorkers: 1, sequence: { groupOrder: 2 } } },
      {
        extends: true,
        test: {
          name: 'page',
          include: PAGE,
          sequence: { groupOrder: 3 },
          globalSetup: 'test/label-tool/page/support/chromium.ts',
        },
      },
      {
        extends: true,
        test: {
          name: 'servers',
          include: [...ON_SERVERS, ...ON_BOTH],
          exclude: ['test/pool-registry/python-client.test.ts'],
          globalSetup: 'test/support/start-shared-servers.ts',
        },
      },
    ],
  },
});
