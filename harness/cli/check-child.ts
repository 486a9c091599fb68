/** The process of `tweedie check`: a plug-in that never returns can only be ended from outside. */
import { checksFor } from '../conformance/checks.ts';
import { ofDataSets } from '../conformance/of-data-sets.ts';
import { ofMetrics } from '../conformance/of-metrics.ts';
import { ofTasks } from '../conformance/of-tasks.ts';
import { checksOfPart, type PartCheck } from '../conformance/part-check.ts';
import type { Compile } from '../engine/compile.ts';
import { openDevice } from '../engine/device.ts';
import { UserError } from '../errors.ts';
import { EndedUnheard } from '../external/program.ts';
import { importedChecks } from '../imported/solver.ts';
import { loadPlugin, type Plugin, withPlugins } from '../plan/plugins.ts';
import type { Solver } from '../solvers/solver.ts';
import { STACK_FRAMES, withPlace } from '../text/author.ts';
import { describeThrown } from '../text/thrown.ts';
import { registries } from './registries.ts';

/** Of what, and what is looked at. */
export interface CheckName {
  /** solver, task, metric, data set. */
  readonly kind: string;
  readonly name: string;
  readonly check: string;
}

/** What the process says. */
export type Said =
  | { readonly said: 'begins'; readonly check: CheckName }
  /** null: it holds. */
  | { readonly said: 'found'; readonly problem: string | null }
  /** With its place, where there is one. */
  | { readonly said: 'refused'; readonly message: string }
  | { readonly said: 'done' };

function say(said: Said): Promise<void> {
  return new Promise((resolve) => process.send!(said, () => resolve()));
}

Error.stackTraceLimit = STACK_FRAMES;
try {
  const plugin = await loadPlugin(process.argv[2]!);
  withPlugins(registries, [plugin]);
  const device = await openDevice('cpu:1');
  for (const { run, ...check } of checksOf(plugin, device.compile)) {
    // A loop that never ends would keep back what is not sent before it.
    await say({ said: 'begins', check });
    await say({ said: 'found', problem: await problemOf(run) });
  }
  await device.dispose();
  await say({ said: 'done' });
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  await say({ said: 'refused', message: error.message });
}
process.disconnect();

interface Check extends CheckName {
  run(): Promise<void> | void;
}

function* checksOf(plugin: Plugin, compile: Compile): Generator<Check> {
  if (typeof plugin.ref === 'object' && 'imported' in plugin.ref) {
    const { imported } = plugin.ref;
    for (const { name: check, run } of importedChecks)
      yield { kind: 'solver', name: imported.name, check, run: () => run(imported) };
    return;
  }
  const isProgram = typeof plugin.ref === 'object' && 'external' in plugin.ref;
  for (const solver of isProgram ? plugin.solvers.map(startedUntilUnheard) : plugin.solvers)
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
    for (const { name: check, run } of checksOfPart(part, checks))
      yield { kind, name: part.name, check, run: () => run(part) };
}

async function problemOf(work: () => Promise<void> | void): Promise<string | null> {
  try {
    await work();
    return null;
  } catch (error) {
    return describeThrown(withPlace(error)).message;
  }
}

/** A program that has once ended without a message would most likely say the same at each check: it is not started again. */
function startedUntilUnheard(program: Solver): Solver {
  let isUnheard = false;
  return {
    ...program,
    async solve(...given) {
      if (isUnheard) throw new Error('not run');
      try {
        return await program.solve(...given);
      } catch (error) {
        isUnheard = error instanceof Error && error.cause instanceof EndedUnheard;
        throw error;
      }
    },
  };
}
