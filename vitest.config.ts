import { configDefaults, defineConfig } from 'vitest/config';

/** Takes minutes a case: only where it is asked for. */
const slow = process.env.TWEEDIE_FLOAT16_EFFECT ? [] : ['test/networks/float16-effect.test.ts'];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...slow],
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
