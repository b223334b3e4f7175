// Runs many command lines through the real main module in one process: starting Node once per
// refusal would cost a minute. argv: the module; stdin: [{ args, cwd }]; stdout: what each did.
import { readFileSync } from 'node:fs';

const entry = process.argv[2];
const runs = JSON.parse(readFileSync(0, 'utf8'));
const print = process.stdout.write.bind(process.stdout);
process.stdout.setMaxListeners(0);

const ended = [];
for (const [n, { args, cwd }] of runs.entries()) {
  const said = { out: '', err: '' };
  process.stdout.write = (text) => { said.out += String(text); return true; };
  process.stderr.write = (text) => { said.err += String(text); return true; };
  process.exitCode = undefined;
  process.argv = [process.argv[0] ?? '', 'lockstep', ...args];
  process.chdir(cwd);
  await import(`${entry}?run=${n}`);
  ended.push({ code: process.exitCode ?? 0, ...said });
}
process.exitCode = 0;
print(JSON.stringify(ended));
