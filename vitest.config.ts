import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    // TensorFlow takes all cores by itself.
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 180_000,
    // As services set it before they load TensorFlow: a dilated convolution has a gradient on a CPU only with oneDNN.
    env: { TF_ENABLE_ONEDNN_OPTS: '1', TF_CPP_MIN_LOG_LEVEL: '2' },
  },
});
