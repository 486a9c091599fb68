import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { writeOutput } from '../output-file.ts';
import { fromStore } from '../report/from-store.ts';
import { experimentStatus } from '../store/queries.ts';
import type { Store } from '../store/store.ts';
import { counted } from '../text/count.ts';
import { printable } from '../text/terminal.ts';
import { type Found, findBest } from '../tuning/best.ts';
import type { TuningPlan } from '../tuning/load.ts';
import { TUNED_OUTPUT, tasksYaml, tunedFile, tunedTasks } from '../tuning/override.ts';
import { exitCodeOf, sayDone, type TimedSummary, toldFailures, warnOfTroubles } from './conclusion.ts';
import type { ComputeOptions } from './experiment-options.ts';
import { registriesWith } from './registries.ts';
import { asGiven } from './run-again.ts';
import { say, sayJson, warn } from './say.ts';
import { tuningJson } from './tuning-json.ts';
import { tuningTable } from './tuning-table.ts';

/** Says what a search has found: its table, the overrides, the file; sets the exit code as a run does. */
export async function concludeTuning(
  options: ComputeOptions & { readonly out: string | undefined },
  tuning: TuningPlan,
  store: Store,
  summary: TimedSummary,
): Promise<void> {
  const { plan } = tuning;
  const status = experimentStatus(store, plan.name);
  process.exitCode = exitCodeOf(summary, status.failed);
  const finished = summary.outcome === 'finished' && status.done > 0;
  const found = finished ? await foundIn(store, tuning) : null;
  const tasks = found && tunedTasks(tuning.experiment, found);
  const out = tasks && options.out !== undefined ? resolve(options.out) : null;
  if (tasks && out !== null) {
    const text = tunedFile(tasks, facts(options.config, tuning));
    await writeOutput(out, TUNED_OUTPUT, (temporary) => writeFile(temporary, text));
  }
  if (options.json) {
    const { signalExitCode: _, ...told } = summary;
    const failures = toldFailures(store, plan);
    sayJson({ ...told, ...status, failures, ...tuningJson(tuning, found ?? []), tasks, out }, 2);
    return;
  }
  sayDone(summary);
  if (found && tasks) {
    say(tuningTable(found, tuning.tuning.budget.passes));
    for (const line of lacking(found)) warn(line);
    say(`\n${tasksYaml(tasks).trimEnd()}`);
  }
  const again = `tweedie tune ${asGiven(options)}`;
  warnOfTroubles(summary, status, { score: again, failed: `to run again: ${again} --retry` });
  if (out !== null) say(`\n${printable(out)}`);
}

async function foundIn(store: Store, { plan, searches, tuning }: TuningPlan): Promise<Found[]> {
  const source = fromStore(store, plan.name, await registriesWith(plan.plugins), new Date());
  return findBest(searches, source, tuning.budget.cellsATrial);
}

/** Searches of which no trial has all of its numbers. */
function lacking(found: readonly Found[]): string[] {
  return found.flatMap(({ search, best }) =>
    best === null
      ? [`nothing found for ${printable(search.solver.name)} on ${search.task.task.name}: no trial is whole`]
      : [],
  );
}

/** How the file was made. */
function facts(config: string, { tuning }: TuningPlan): string[] {
  const { data, seeds, budget, metric, sequence } = tuning;
  const { ref, split, count } = data;
  const pictures = ref.kind === 'set' ? `${ref.name} ${split}` : `the folder ${ref.name}`;
  return [
    `in ${config}: the best ${metric.metric.name} of ${counted(count!, 'picture')} of ${pictures}`,
    `within ${budget.passes} network evaluations for each method and task; seeds ${seeds.join(', ')}, sequence ${sequence}`,
    'an experiment that extends that file and then this one runs with these parameters',
  ].map((line) => printable(line));
}
