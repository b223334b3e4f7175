import type { Argv } from 'yargs';
import { checkDeployment } from '../live/deployment/check.ts';
import { readDeployment } from '../live/deployment/read-deployment.ts';
import { programCode } from '../live/program-code.ts';
import { text, withDataDir } from './data-options.ts';
import { evidenceProblem } from './deployment-verify.ts';
import { deploymentTextOf } from './promote-text.ts';

type FileArguments = { readonly file: string; readonly json: boolean };
type VerifyArguments = {
  readonly file: string;
  readonly dataDir: string;
  readonly instrument: string | undefined;
};

const EXIT_DIFFERS = 1;
const file = { type: 'string', demandOption: true, describe: 'deployment manifest' } as const;

export function addDeploymentCommand(program: Argv): Argv {
  return program.command('deployment', 'Look at what lockstep promote wrote', (command) =>
    command
      .command(
        'show <file>',
        'What it is, every gate, what was waived, and whether it could be started now',
        (show) =>
          show
            .positional('file', file)
            .option('json', { type: 'boolean', default: false, describe: 'print it as JSON' }),
        (args) => show(args),
      )
      .command(
        'verify <file>',
        'The same, and run its evidence again from the data',
        (verify) =>
          withDataDir(verify)
            .positional('file', file)
            .option('instrument', { ...text, describe: 'instrument file of your own' }),
        (args) => verify(args as unknown as VerifyArguments),
      )
      .demandCommand(1, 'deployment show FILE, or deployment verify FILE'),
  );
}

function show({ file: path, json }: FileArguments): void {
  const deployment = readDeployment(path);
  const problems = checkDeployment(deployment, { code: programCode() });
  if (json) process.stdout.write(`${JSON.stringify({ deployment, problems }, undefined, 2)}\n`);
  else process.stdout.write(deploymentTextOf(deployment));
  tell(path, problems);
}

async function verify(args: VerifyArguments): Promise<void> {
  const { file: path, dataDir, instrument: instrumentFile } = args;
  const deployment = readDeployment(path);
  const problems = checkDeployment(deployment, { code: programCode() });
  process.stdout.write(deploymentTextOf(deployment));
  if (problems.length === 0) {
    process.stderr.write('running its evidence again\n');
    const problem = await evidenceProblem(deployment, { dataDir, instrumentFile });
    if (problem === undefined) process.stderr.write('every number comes out again\n');
    else problems.push(`evidence: ${problem}`);
  }
  tell(path, problems);
}

function tell(path: string, problems: readonly string[]): void {
  if (problems.length === 0) return;
  process.stderr.write(`lockstep: ${path} cannot be started: ${problems.join('; ')}\n`);
  process.exitCode = EXIT_DIFFERS;
}
