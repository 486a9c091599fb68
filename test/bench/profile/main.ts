/**
 * `npm run bench:profile`: where the time of a case of `npm run bench` goes, operator by operator, and the memory that it
 * takes.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import yargs from 'yargs';
import { GIVES_MEMORY_BACK } from '../../../harness/worker/child-process.ts';
import type { BenchCase } from '../case.ts';
import { casesNamed } from '../cases/named.ts';
import { describeMachine } from '../machine.ts';
import { exitOnSignals } from '../signals.ts';
import { median } from '../statistics.ts';
import type { Answer, Request } from './child.ts';
import { watchOwnMemory } from './own-memory.ts';
import { readProfile } from './read.ts';
import { kindsTable, shapesTable } from './tables.ts';

/** The first call compiles and the second compares its trace with a fresh one. */
const SKIPPED = 2;

const { filter, threads, calls } = await yargs(process.argv.slice(2))
  .scriptName('npm run bench:profile --')
  .usage(
    "$0\n\nOperators that ONNX Runtime runs in a call, their milliseconds (lower quartiles of the calls, with the profiler's own time, some microseconds an operator) and floating-point operations.",
  )
  .option('filter', { type: 'string', demandOption: true, describe: 'Cases whose name contains this text' })
  .option('threads', { type: 'number', default: availableParallelism(), describe: 'Of the engine' })
  .option('calls', { type: 'number', default: 5, describe: 'Calls that count' })
  .strict()
  .version(false)
  .parseAsync();

exitOnSignals();
const folders = mkdtempSync(join(tmpdir(), 'tweedie-profile-'));
process.once('exit', () => rmSync(folders, { recursive: true, force: true }));
const cases = casesNamed(filter);
console.log(`${describeMachine(threads, [])}; load ${loadavg()[0]!.toFixed(1)}`);
for (const [i, benchCase] of cases.entries()) await profile(benchCase, i);

async function profile({ name, batch }: BenchCase, at: number): Promise<void> {
  const folder = join(folders, String(at));
  mkdirSync(folder);
  const { taken, peak } = await inChild({ name, batch, threads, calls: SKIPPED + calls, folder });
  const graphs = readdirSync(folder)
    .map((file) => readProfile(readFileSync(join(folder, file), 'utf8'), SKIPPED + calls, SKIPPED))
    .filter((graph) => graph.length > 0);
  const operators = graphs.flat();
  const ms = operators.reduce((sum, operator) => sum + operator.ms, 0);
  const operations = operators.reduce((sum, operator) => sum + (operator.operations ?? 0), 0);
  console.log(
    [
      `\n${name}, batch ${batch}`,
      `${operators.length} operators, ${ms.toFixed(1)} ms, ${(operations / 1e9).toFixed(2)} GFLOP; ` +
        `a call, median of ${calls}: ${median(taken.slice(SKIPPED)).toFixed(1)} ms` +
        (peak === null ? '' : `; peak memory beside mapped files ${(peak / 2 ** 30).toFixed(1)} GiB`),
      kindsTable(operators),
      shapesTable(operators),
    ].join('\n\n'),
  );
}

async function inChild(request: Request): Promise<{ taken: Answer; peak: number | null }> {
  const child = fork(fileURLToPath(new URL('./child.js', import.meta.url)), {
    env: { ...process.env, ...GIVES_MEMORY_BACK },
  });
  const peakOf = watchOwnMemory(child.pid!);
  const exit = once(child, 'exit');
  child.send(request);
  const answer = await Promise.race([once(child, 'message'), exit.then(() => null)]);
  const peak = peakOf();
  if (!answer) process.exit(1);
  await exit;
  return { taken: answer[0] as Answer, peak };
}
