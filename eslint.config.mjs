import tseslint from 'typescript-eslint';

// What decides must be a function of its events: no clock, no chance, no I/O (ARCHITECTURE.md).
const PURE_ROOMS = ['engine', 'strategies', 'indicators', 'market', 'venue', 'brokers/simulated',
  'brokers/bybit/wire', 'live/session', 'live/journal', 'laboratory'];

const ambient = ['Date', 'performance', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask',
  'Promise', 'fetch', 'process', 'console', 'crypto', 'WebSocket', 'structuredClone', 'Intl'];

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'coverage/', 'reports/', '*.cjs', 'bench/**/*.mjs'] },
  ...tseslint.configs.recommended,
  {
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      eqeqeq: 'error',
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
    },
  },
  { files: ['*.config.*'], rules: { 'no-restricted-exports': 'off' } },
  {
    files: PURE_ROOMS.map((room) => `src/${room}/**/*.ts`),
    rules: {
      'no-restricted-globals': ['error', ...ambient.map((name) => ({
        name, message: 'pure rooms take time, chance and I/O as events (ARCHITECTURE.md)' }))],
      'no-restricted-properties': ['error',
        { object: 'Math', property: 'random', message: 'chance comes from seeded streams' },
        { object: 'globalThis', property: 'Date', message: 'time arrives in events' }],
      'no-restricted-imports': ['error', { patterns: ['node:*', 'fs', 'os', 'path', 'crypto'] }],
      'no-restricted-syntax': ['error',
        { selector: 'AwaitExpression', message: 'pure rooms are synchronous' },
        { selector: ':function[async=true]', message: 'pure rooms are synchronous' }],
    },
  },
);
