import type { Argv } from 'yargs';
import { InputError } from '../engine/invariant.ts';
import { productionBot } from '../laboratory/production-bot.ts';
import { SCENARIOS } from '../laboratory/scenarios/incidents.ts';
import { runScenario, timelineLines } from '../laboratory/scenarios/run-scenario.ts';
import type { Scenario } from '../laboratory/scenarios/scenario.ts';

export function addScenarioCommand(program: Argv): Argv {
  return program.command('scenario', 'Incidents that have cost money, played again', (command) =>
    command
      .command('list', 'Name them', {}, () => {
        for (const each of SCENARIOS)
          process.stdout.write(`${each.name.padEnd(28)}${each.lesson}\n`);
      })
      .command(
        'run <name>',
        'Play one: what happened, what each surface showed, what was believed, the verdict',
        (run) =>
          run
            .positional('name', { type: 'string', demandOption: true, describe: 'or "all"' })
            .option('lines', { type: 'number', default: 120, describe: 'of the timeline' }),
        (args) => {
          const chosen = args.name === 'all' ? SCENARIOS : [find(args.name)];
          const held = chosen.map((each) => play(each, args.name === 'all' ? 0 : args.lines));
          process.exitCode = held.every(Boolean) ? 0 : 1;
        },
      )
      .demandCommand(1, 'scenario list, or scenario run NAME'),
  );
}

function find(name: string): Scenario {
  const found = SCENARIOS.find((each) => each.name === name);
  if (found === undefined) {
    throw new InputError(`there is no scenario "${name}"; lockstep scenario list names them`);
  }
  return found;
}

/** True when every rule held and the incident did happen. */
function play(each: Scenario, lines: number): boolean {
  const { result, timeline, happened } = runScenario(each, productionBot);
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  if (lines > 0) {
    say(`${each.name}\n  incident: ${each.incident}\n  lesson:   ${each.lesson}\n`);
    for (const line of timelineLines(timeline, lines)) say(line);
    say('');
  }
  const { fills, crashes, faults } = result.counts;
  const counts = `${faults} faults, ${crashes} crashes, ${fills} fills`;
  const verdict =
    result.broken !== undefined
      ? `BROKEN ${result.broken.text}`
      : happened
        ? 'every rule held'
        : 'NOTHING SHOWN: the incident did not happen';
  say(`${each.name}: ${verdict} (${counts})`);
  return result.broken === undefined && happened;
}
