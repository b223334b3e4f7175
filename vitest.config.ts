import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: 'forks',
    // Many tests wait for servers, browsers and processes: one core is not left free for vitest itself.
    maxWorkers: '100%',
  },
});
