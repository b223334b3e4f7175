import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { DEFAULT_PATIENCE } from '../../src/engine/patience.ts';
import { botConfigOf, identityOf } from '../../src/live/deployment/bot-of.ts';
import { checkDeployment } from '../../src/live/deployment/check.ts';
import type { Deployment, DeploymentBody } from '../../src/live/deployment/manifest.ts';
import { openDeployment, readDeployment } from '../../src/live/deployment/read-deployment.ts';
import { deploymentText, parseDeployment, sealDeployment } from '../../src/live/deployment/seal.ts';
import { sessionOptionsOf } from '../../src/live/session/session-of.ts';
import { programCode } from '../../src/live/program-code.ts';
import { isDeployment } from '../../src/brokers/bybit/wire/link-id.ts';
import { goodBody, goodEvidence, runNumbers } from './support/deployment-body.ts';

const sealed = sealDeployment(goodBody());
const text = deploymentText(sealed);
const facts = { code: programCode(), environment: 'dry-run' } as const;

const dir = mkdtempSync(join(tmpdir(), 'lockstep-promotion-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function written(content: string): string {
  const path = join(dir, 'deployment.json');
  writeFileSync(path, content);
  return path;
}

function problemOf(content: string): string {
  const parsed = parseDeployment(content);
  return parsed.ok ? '' : parsed.problem;
}

/** What somebody does who knows the format: edits a part and seals it again. */
function forged(change: Partial<DeploymentBody>): Deployment {
  return sealDeployment({ ...goodBody(), ...change });
}

describe('a deployment manifest', () => {
  it('is read back as it was sealed', () => {
    expect(readDeployment(written(text))).toEqual(JSON.parse(text));
    expect(openDeployment(written(text), 'dry-run').sha256).toBe(sealed.sha256);
  });

  it('has an id that fits into the link ids of orders, and follows from the content', () => {
    expect(isDeployment(sealed.deployment)).toBe(true);
    expect(sealDeployment(goodBody()).deployment).toBe(sealed.deployment);
    const later = sealDeployment(goodBody({ promotedAt: '2026-01-02T03:04:05.679Z' }));
    expect(later.deployment).not.toBe(sealed.deployment);
  });

  it('is the same text whatever order its parts were given in', () => {
    const shuffled = Object.fromEntries(Object.entries(goodBody()).reverse()) as DeploymentBody;
    expect(deploymentText(sealDeployment(shuffled))).toBe(text);
  });

  it('is refused when any byte of it is another', () => {
    const bytes = Buffer.from(text);
    const place = fc.integer({ min: 0, max: bytes.length - 1 });
    fc.assert(
      fc.property(place, fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ flip;
        expect(parseDeployment(changed.toString('utf8')).ok).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it('is refused when it is cut, doubled or only laid out anew', () => {
    for (const at of [0, 1, 100, text.length - 1]) {
      expect(parseDeployment(text.slice(0, at)).ok).toBe(false);
    }
    expect(parseDeployment(text + text).ok).toBe(false);
    expect(problemOf(JSON.stringify(sealed))).toContain('its layout');
  });

  it('names every part that was changed', () => {
    const change = (part: string, value: unknown): string =>
      problemOf(deploymentText({ ...sealed, [part]: value }));
    for (const part of Object.keys(goodBody())) {
      if (part === 'schema' || part === 'version') continue;
      expect(change(part, 'something else')).toBe(
        `changed since it was written: ${part}; promote again, or restore the file`,
      );
    }
    expect(change('extra', 1)).toContain('changed since it was written: extra;');
    expect(change('sha256', sealed.sha256.replace(/^./, 'x'))).toContain('written: sha256;');
    expect(change('deployment', 'abcdef')).toContain('written: deployment;');
    expect(change('hashes', {})).toContain('parameters');
    expect(change('version', 2)).toContain('newer than this program');
  });

  it('names the part in one line with the file, and how to mend it', () => {
    const path = written(text.replace('"multiplier": 0.5', '"multiplier": 0.7'));
    expect(() => readDeployment(path)).toThrow(
      `deployment ${path}: changed since it was written: parameters; promote again, or restore`,
    );
    expect(() => readDeployment(join(dir, 'none.json'))).toThrow('no deployment');
    expect(() => readDeployment(dir)).toThrow('is no deployment manifest');
  });
});

describe('what a start holds the manifest against', () => {
  it('is fine with the manifest as promoted', () => {
    expect(checkDeployment(sealed, facts)).toEqual([]);
  });

  it('refuses another environment than it was promoted to', () => {
    expect(checkDeployment(sealed, { ...facts, environment: 'mainnet' })).toEqual([
      'environment: it was promoted to dry-run, not to mainnet',
    ]);
  });

  it('names the rooms and packages of the code that changed', () => {
    const now = programCode();
    const rooms = { ...now.rooms, strategies: 'a'.repeat(64) };
    const packages = { ...now.packages, technicalindicators: '9.9.9' };
    const code = { ...now, hash: 'b'.repeat(64), rooms, packages };
    expect(checkDeployment(sealed, { ...facts, code })).toEqual([
      expect.stringMatching(/^code: src\/strategies, technicalindicators changed since; promoted /),
    ]);
  });

  it('refuses numbers that do not carry the verdicts, though every hash was made anew', () => {
    const weak = { ...goodBody().evidence, own: runNumbers({ trades: 12 }) };
    expect(checkDeployment(forged({ evidence: weak }), facts)).toEqual([
      'evidence: the verdicts of the gates do not follow from its numbers',
      'evidence: the gate trades is not passed',
    ]);
  });

  it('refuses evidence of other parameters or data, though every hash was made anew', () => {
    const { parameters, data } = goodBody();
    const faster = forged({ parameters: { ...parameters, multiplier: 0.7 } });
    expect(checkDeployment(faster, facts)).toEqual(['evidence: it is of other parameters']);
    const elsewhere = data.map((series) => ({ ...series, sha256: 'd'.repeat(64) }));
    const swapped = forged({ data: elsewhere, leverage: 5 });
    expect(checkDeployment(swapped, facts)).toEqual(['evidence: it is of other leverage, data']);
  });

  it('refuses a waiver on scenarios or earlier steps, though every hash was made anew', () => {
    const scenarios = { ...goodEvidence().scenarios, failed: ['exit-refused'] };
    const waivers = [{ gate: 'scenarios', reason: 'in a hurry' }];
    const body = goodBody({}, goodEvidence({ scenarios }), 'dry-run', waivers);
    expect(checkDeployment(sealDeployment(body), facts)).toEqual([
      'the gate scenarios is on scenarios and cannot be waived: it has to be passed',
      'evidence: the gate scenarios is not passed',
    ]);
  });

  it('refuses scenarios that were played with other code', () => {
    const scenarios = { played: 29, failed: [], codeHash: 'c'.repeat(64) };
    expect(
      checkDeployment(sealDeployment(goodBody({}, goodEvidence({ scenarios }))), facts),
    ).toEqual(['evidence: the scenarios were played with other code']);
  });

  it('refuses parameters with a hole, a stranger or a value the strategy does not take', () => {
    const { parameters } = goodBody();
    const without = Object.fromEntries(
      Object.entries(parameters).filter(([name]) => name !== 'takeProfit'),
    );
    const problems = (changed: DeploymentBody['parameters']): string[] =>
      checkDeployment(forged({ parameters: changed }), facts);
    expect(problems(without)[0]).toContain('parameters: takeProfit missing');
    expect(problems({ ...parameters, spped: 1 })[0]).toContain('has no parameter "spped"');
    expect(problems({ ...parameters, multiplier: -1 })[0]).toContain('multiplier is -1');
  });
});

describe('what a session takes from the manifest', () => {
  it('is its id, its hash, its parameters and its limits in steps and money units', () => {
    const config = botConfigOf(sealed, DEFAULT_PATIENCE);
    const options = sessionOptionsOf(config, identityOf(sealed));
    expect(options.deployment).toBe(sealed.deployment);
    expect(options.configHash).toBe(sealed.sha256);
    expect(options.strategy.name).toBe('atr-grid');
    expect(options.risk).toMatchObject({
      maxPositionSteps: 100,
      maxOpenOrders: Infinity,
      maxOrdersPerMinute: 30,
      collarShare: 0.05,
      maxDailyLossMoney: 1e9,
    });
    expect(options.capitalMoney).toBeNaN();
  });
});
