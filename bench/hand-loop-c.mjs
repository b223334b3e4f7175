/** Compiles bench/hand-loop.c where there is a compiler, and runs it. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCE = fileURLToPath(new URL('./hand-loop.c', import.meta.url));
/** No fused multiply-add: it would round levels differently. */
const FLAGS = ['-O3', '-ffp-contract=off'];

/** `C`: the hand loop. `C, wide`: looks at whole hours without a branch, for the compiler to widen. */
const VARIANTS = { C: [], 'C, wide': ['-DWHOLE_HOURS'] };

/** Programs by name and how they were made; undefined where there is no C compiler. */
export function compileHandLoops(dir) {
  for (const compiler of [process.env.CC, 'cc', 'gcc', 'clang'].filter(Boolean)) {
    const programs = {};
    for (const [name, extra] of Object.entries(VARIANTS)) {
      const program = join(dir, `hand-loop-${extra.length}`);
      const made = spawnSync(compiler, [...FLAGS, ...extra, '-o', program, SOURCE, '-lm'], {
        stdio: 'ignore',
      });
      if (made.status === 0) programs[name] = program;
    }
    if (programs.C === undefined) continue;
    const version = spawnSync(compiler, ['--version'], { encoding: 'utf8' }).stdout.split('\n')[0];
    return { programs, how: `${version}, ${FLAGS.join(' ')}` };
  }
  return undefined;
}

/** Each point's fills: cells [time, price, fee] one after the other. */
export function handLoopFills(program, job, points) {
  const fillsFile = `${program}.fills`;
  const { status } = spawnSync(program, [writeJob(program, job, points), fillsFile], { input: '' });
  if (status !== 0) throw new Error(`hand-loop.c ended with code ${status}`);
  return readFills(fillsFile, points.length);
}

/** Writes what the program reads, beside it; the file's path. */
export function writeJob(program, job, points) {
  const file = `${program}.job`;
  writeFileSync(file, Buffer.concat(jobParts(job, points).map((part) => bytesOf(part))));
  return file;
}

function jobParts({ tape, atr, firstHour, fees }, points) {
  const { maker, taker } = fees;
  const head = [
    points.length,
    tape.count,
    atr.length,
    firstHour,
    tape.openTimeMs[0],
    maker.num,
    maker.den,
    taker.num,
    taker.den,
  ];
  const flat = points.flatMap(({ multiplier, takeProfit }) => [multiplier, takeProfit]);
  return [
    Float64Array.from(head),
    Float64Array.from(flat),
    atr,
    tape.open,
    tape.high,
    tape.low,
    tape.close,
  ];
}

function bytesOf(column) {
  return Buffer.from(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
}

/** Per point: the number of its fills, then time, price and fee of each. */
function readFills(path, points) {
  const bytes = readFileSync(path);
  const cells = new Float64Array(
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
  );
  const all = [];
  for (let at = 0; all.length < points; at += 1 + 3 * cells[at]) {
    all.push(cells.subarray(at + 1, at + 1 + 3 * cells[at]));
  }
  return all;
}
