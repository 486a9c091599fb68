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
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
