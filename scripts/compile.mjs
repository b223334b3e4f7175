// The compiler as a library, because dist/ gets numeric constants as literals.
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { inlineConstants } from './inline-constants.mjs';
import { plainConditions } from './plain-conditions.mjs';

/** Compiles the project at `root`; false when it does not compile. */
export function compile(root) {
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: report };
  const config = ts.getParsedCommandLineOfConfigFile(join(root, 'tsconfig.build.json'), {}, host);
  if (config === undefined) return false;
  const program = ts.createProgram(config.fileNames, config.options);
  const problems = [...config.errors, ...ts.getPreEmitDiagnostics(program)];
  if (problems.length === 0) {
    const transformers = { before: transformersFor(root, program) };
    problems.push(
      ...program.emit(undefined, undefined, undefined, false, transformers).diagnostics,
    );
  }
  problems.forEach(report);
  return problems.length === 0;
}

/** Where every point of a sweep passes through; elsewhere speed is no reason to touch anything. */
const HOT_ROOMS = ['engine', 'strategies', 'market', 'venue', 'brokers/simulated'];

function transformersFor(root, program) {
  const folders = new Set(HOT_ROOMS.map((room) => join(root, 'src', room)));
  const isHot = ({ fileName }) => folders.has(dirname(fileName));
  const onlyHot = (transformer) => (context) => {
    const transform = transformer(context);
    return (file) => (isHot(file) ? transform(file) : file);
  };
  return [inlineConstants(program), plainConditions(program)].map(onlyHot);
}

function report(problem) {
  const host = { getCurrentDirectory: () => process.cwd(), getCanonicalFileName: (name) => name };
  process.stderr.write(ts.formatDiagnostic(problem, { ...host, getNewLine: () => '\n' }));
}
