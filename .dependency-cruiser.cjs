// The doors between the rooms (ARCHITECTURE.md): a room may import those before it, never those
// after it; rooms between the same bars do not import each other.
const bars = [
  ['engine'],
  ['indicators', 'strategies'],
  ['market'],
  ['venue'],
  ['brokers', 'feeds'],
  ['sweep', 'live', 'emulator'],
  ['laboratory'],
  ['report'],
  ['cli'],
];

const forbidden = [];
bars.forEach((bar, index) => {
  for (const room of bar) {
    const later = bars.slice(index + 1).flat();
    const beside = bar.filter((other) => other !== room);
    const closed = [...later, ...beside];
    if (closed.length === 0) continue;
    forbidden.push({
      name: `${room}-looks-inward`,
      severity: 'error',
      from: { path: `^src/${room}/` },
      to: { path: `^src/(${closed.join('|')})/` },
    });
  }
});

module.exports = {
  forbidden: [
    ...forbidden,
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'io-only-in-the-shell',
      severity: 'error',
      comment: 'node:* only where the outside world is talked to',
      from: {
        path: '^src/(engine|indicators|strategies|market|venue|brokers/simulated|brokers/hosted|brokers/bybit/wire|live/session|live/journal|laboratory)/',
      },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'engine-stands-alone',
      severity: 'error',
      comment: 'the engine has no package under it: it must run wherever JavaScript runs',
      from: { path: '^src/engine/' },
      to: { path: 'node_modules' },
    },
    {
      name: 'no-dev-packages',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'sdk-in-its-rooms',
      severity: 'error',
      comment: 'the SDK puts secrets into errors and logs: only these rooms know how to keep them in',
      from: { path: '^src/', pathNot: '^src/(brokers/bybit|feeds)/' },
      to: { path: 'node_modules/bybit-api' },
    },
    { name: 'no-orphans', severity: 'error', from: { orphan: true, path: '^src/', pathNot: '[.]d[.]ts$' }, to: {} },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
