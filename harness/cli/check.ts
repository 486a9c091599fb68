import { resolve } from 'node:path';
import type { CommandModule } from 'yargs';
import { checksFor } from '../conformance/checks.ts';
import { ofDataSets } from '../conformance/of-data-sets.ts';
import { ofMetrics } from '../conformance/of-metrics.ts';
import { ofTasks, type PartCheck } from '../conformance/of-tasks.ts';
import type { Compile } from '../engine/compile.ts';
import { openDevice } from '../engine/device.ts';
import { UserError } from '../errors.ts';
import { loadPlugin, type Plugin, withPlugins } from '../plan/plugins.ts';
import { STACK_FRAMES, withPlace } from '../text/author.ts';
import { printable } from '../text/terminal.ts';
import { describeThrown } from '../text/thrown.ts';
import type { GlobalOptions } from './options.ts';
import { registries } from './registries.ts';
import { say, sayJson } from './say.ts';

interface Options extends GlobalOptions {
  file: string;
  json: boolean;
}

interface Finding {
  /** What it is of: solver, task, metric, data set. */
  readonly kind: string;
  readonly name: string;
  readonly check: string;
  /** null: it holds. */
  readonly problem: string | null;
}

const command: CommandModule<GlobalOptions, Options> = {
  command: 'check <file>',
  describe:
    "Check a plug-in's solvers, tasks, metrics and data sets as the built-in ones are checked; solvers on small priors without a network",
  builder: (cli) =>
    cli
      .positional('file', {
        type: 'string',
        demandOption: true,
        describe:
          'The plug-in (a module in JavaScript or TypeScript, or a YAML file that describes a program)',
      })
      .option('json', { type: 'boolean', default: false, describe: 'Print one JSON document' })
      .example('$0 check docs/examples/mpgd.js', 'what the solver does, and does wrong')
      .example('$0 check docs/examples/dps_numpy.yaml', 'the same of a program'),
  handler: async ({ file, json }) => {
    Error.stackTraceLimit = STACK_FRAMES;
    const plugin = await loadPlugin(resolve(file));
    withPlugins(registries, [plugin]);
    const device = await openDevice('cpu:1');
    const findings: Finding[] = [];
    for (const { kind, name, check, run } of checksOf(plugin, device.compile)) {
      const problem = await problemOf(run);
      findings.push({ kind, name, check, problem });
      if (!json) say(`${problem === null ? '✓' : '✗'} ${printable(name)} ${check}`);
      if (!json && problem !== null) say(`    ${printable(problem)}`);
    }
    if (findings.length === 0)
      throw new UserError(`plug-in ${file}: has priors only, of which nothing is checked`);
    if (json) sayJson(findings, 2);
    if (findings.some(({ problem }) => problem !== null)) process.exitCode = 1;
    await device.dispose();
  },
};
export default command;

interface Check extends Omit<Finding, 'problem'> {
  run(): Promise<void> | void;
}

function* checksOf(plugin: Plugin, compile: Compile): Generator<Check> {
  for (const solver of plugin.solvers)
    for (const { name: check, run } of checksFor(solver))
      yield { kind: 'solver', name: solver.name, check, run: () => run({ solver, compile }) };
  yield* ofParts('task', plugin.tasks, ofTasks);
  yield* ofParts('metric', plugin.metrics, ofMetrics);
  yield* ofParts('data set', plugin.datasets, ofDataSets);
}

function* ofParts<T extends { readonly name: string }>(
  kind: string,
  parts: readonly T[],
  checks: readonly PartCheck<T>[],
): Generator<Check> {
  for (const part of parts)
    for (const { name: check, run } of checks) yield { kind, name: part.name, check, run: () => run(part) };
}

async function problemOf(work: () => Promise<void> | void): Promise<string | null> {
  try {
    await work();
    return null;
  } catch (error) {
    return describeThrown(withPlace(error)).message;
  }
}
