import { configDefaults, defineConfig } from 'vitest/config';

/** Takes minutes a case: only where it is asked for. */
const slow = process.env.TWEEDIE_FLOAT16_EFFECT ? [] : ['test/networks/float16-effect.test.ts'];

/** Installations and traced runs: .ci/run asks for them where what they look at has changed. */
const integration = process.env.TWEEDIE_INTEGRATION ? [] : ['test/integration/**'];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...slow, ...integration],
    pool: 'forks',
    // Vitest leaves one core to itself; its own share is small, and much of a test is waiting for programs that it has started.
    maxWorkers: '100%',
    // For a slow machine; nothing takes a quarter of it on a usual one.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
