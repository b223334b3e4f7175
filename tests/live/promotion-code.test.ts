import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundleHash, readProgramCode, sourceRooms } from '../../src/live/program-code.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lockstep-code-'));
  put('package.json', '{"version":"1.2.3","dependencies":{"technicalindicators":"3.1.0"}}');
  put('src/engine/engine.ts', 'export const engine = 1;');
  put('src/strategies/grid.ts', 'export const grid = 1;');
  put('src/report/page.ts', 'export const page = 1;');
  put('dist/bundle/main.js', 'run();');
  build();
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(name: string, content: string): void {
  const path = join(root, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** As scripts/build.mjs does. */
function build(): void {
  put('dist/code.json', JSON.stringify({ rooms: sourceRooms(root), bundle: bundleHash(root) }));
}

const hash = (): string => readProgramCode(root, 'sources').hash;

describe('the hash of the program', () => {
  it('is the same from the sources and from what was built of them', () => {
    expect(readProgramCode(root, 'build')).toEqual(readProgramCode(root, 'sources'));
    expect(readProgramCode(root, 'build').version).toBe('1.2.3');
  });

  it('changes with a byte, a name or a new file of a room that decides', () => {
    const before = hash();
    put('src/engine/engine.ts', 'export const engine = 2;');
    const edited = hash();
    put('src/strategies/mine.ts', '');
    const added = hash();
    put('src/engine/engine.ts', 'export const engine = 1;');
    rmSync(join(root, 'src/strategies/mine.ts'));
    expect(new Set([before, edited, added]).size).toBe(3);
    expect(hash()).toBe(before);
    rmSync(join(root, 'src/engine/engine.ts'));
    put('src/engine/motor.ts', 'export const engine = 1;');
    expect(hash()).not.toBe(before);
  });

  it('changes with a package that takes part in decisions', () => {
    const before = hash();
    put('package.json', '{"version":"1.2.3","dependencies":{"technicalindicators":"3.1.1"}}');
    expect(hash()).not.toBe(before);
  });

  it('stays when only what shows results changes', () => {
    const before = hash();
    put('src/report/page.ts', 'export const page = 2;');
    put('package.json', '{"version":"9.9.9","dependencies":{"technicalindicators":"3.1.0"}}');
    expect(hash()).toBe(before);
  });

  it('is refused where the bundle that runs is not the one that was built', () => {
    put('dist/bundle/main.js', 'run(2);');
    expect(() => readProgramCode(root, 'build')).toThrow(
      'the program in dist/bundle is not the one that was built: build it again: npm run build',
    );
    rmSync(join(root, 'dist/code.json'));
    expect(() => readProgramCode(root, 'build')).toThrow('dist holds no code.json');
  });
});
