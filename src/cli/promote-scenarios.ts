import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomic } from '../feeds/atomic-write.ts';
import { productionBot } from '../laboratory/production-bot.ts';
import { SCENARIOS } from '../laboratory/scenarios/incidents.ts';
import { runScenario } from '../laboratory/scenarios/run-scenario.ts';
import type { Evidence } from '../live/deployment/evidence.ts';
import { partHash } from '../live/deployment/part-hash.ts';
import type { ProgramCode } from '../live/program-code.ts';

type ScenarioNumbers = Evidence['scenarios'];

/** What this very process has played. */
const shownHere = new Map<string, ScenarioNumbers>();

/**
 * Every named incident, played with this code. `cacheDir`: what the same code has shown before is
 * not played again; undefined: it is.
 */
export function playedScenarios(
  code: ProgramCode,
  cacheDir: string | undefined,
  tell: (text: string) => void,
): ScenarioNumbers {
  const key = partHash({ code: code.hash, laboratory: code.rooms['laboratory'] });
  const path = cacheDir && join(cacheDir, `scenarios-${key.slice(0, 16)}.json`);
  const known = shownHere.get(key) ?? (path === undefined ? undefined : cached(path, key));
  if (known !== undefined) return known;
  tell(`playing ${SCENARIOS.length} incidents with this code`);
  const failed = SCENARIOS.filter((each) => {
    const { result, happened } = runScenario(each, productionBot);
    return result.broken !== undefined || !happened;
  });
  const played: ScenarioNumbers = {
    played: SCENARIOS.length,
    failed: failed.map(({ name }) => name),
    codeHash: code.hash,
  };
  shownHere.set(key, played);
  if (path !== undefined) remember(path, key, played);
  return played;
}

type Cached = { readonly key: string; readonly check: string; readonly played: ScenarioNumbers };

/** Whatever is wrong with the file means "not there": it can always be made again. */
function cached(path: string, key: string): ScenarioNumbers | undefined {
  try {
    const found = JSON.parse(readFileSync(path, 'utf8')) as Cached;
    return found.key === key && found.check === partHash(found.played) ? found.played : undefined;
  } catch {
    return undefined;
  }
}

function remember(path: string, key: string, played: ScenarioNumbers): void {
  const entry: Cached = { key, check: partHash(played), played };
  try {
    writeAtomic(path, [Buffer.from(`${JSON.stringify(entry)}\n`)]);
  } catch {
    // A folder that cannot be written to costs a few seconds next time.
  }
}
