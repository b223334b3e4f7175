import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ALERT_CODES } from '../../src/live/alerts/alert.ts';
import { lockstep } from '../cli/support/lockstep.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (name: string): string => readFileSync(join(ROOT, name), 'utf8');
const OPTIONS = /--[a-z][a-z-]*/g;

describe('the runbook', () => {
  const page = read('docs/going-live.md');

  it('has a page for every alarm and alert, and for nothing else', () => {
    const sections = page.split(/^### /m).slice(1);
    const named = sections.map((section) => /^`([\w-]+)`/.exec(section)?.[1]);
    expect(named.toSorted()).toEqual([...ALERT_CODES].toSorted());
    for (const section of sections)
      expect(section.split('\n').slice(1).join('').trim().length).toBeGreaterThan(10);
  });
});

describe('what runs it as a service', () => {
  const help = lockstep(['live', '--help'], ROOT).out;
  const known = new Set(help.match(OPTIONS));
  const unit = read('deploy/lockstep@.service');
  const image = read('Dockerfile');

  it('names only options that there are', () => {
    const start = /^ExecStart=(.*)$/m.exec(unit)?.[1] ?? '';
    expect(start).toContain(' live ');
    for (const option of start.match(OPTIONS) ?? []) expect(known).toContain(option);
    const shown = /lockstep live --deployment[^`]*?--state-dir \/state/.exec(
      read('docs/going-live.md'),
    );
    for (const option of shown?.[0].match(OPTIONS) ?? []) expect(known).toContain(option);
    expect(shown).not.toBe(null);
  });

  it('gives the process longer to stop than withdrawing its entries may take', () => {
    const source = read('src/live/shell/live-process.ts');
    const stopMs = Number(/STOP_WITHIN_MS = ([\d_]+)/.exec(source)?.[1]?.replaceAll('_', ''));
    expect(Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1]) * 1_000).toBeGreaterThan(stopMs);
    expect(unit).toMatch(/^RestartPreventExitStatus=2$/m);
  });

  it('builds one image, whose last stage is not root’s and looks after its health', () => {
    const stages = image.split(/^FROM /m).slice(1);
    expect(stages).toHaveLength(2);
    const last = stages[1] ?? '';
    expect(last).toMatch(/^USER node$/m);
    expect(last.indexOf('USER node')).toBeLessThan(last.indexOf('ENTRYPOINT'));
    expect(last).toMatch(/^HEALTHCHECK [^]*"status", "--state-dir", "\/state", "--check"/m);
    expect(last).not.toMatch(/npm |COPY \. /);
  });
});
