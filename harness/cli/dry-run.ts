import { resolve } from 'node:path';
import { UserError } from '../errors.ts';
import { batchSeconds, estimateSeconds } from '../plan/estimate.ts';
import { loadPlan } from '../plan/load.ts';
import { workToDo } from '../scheduler/run-plan.ts';
import { submittable } from '../scheduler/slurm/submit-plan.ts';
import { arrayJob } from '../scheduler/slurm/submitter.ts';
import { counted } from '../text/count.ts';
import { summaryOf } from './by-slurm.ts';
import { assignments } from './execute.ts';
import { type SolvingOptions, timeLimits } from './experiment-options.ts';
import { clusterFor, PROGRAM, slurmSlots } from './followed-run.ts';
import { knownResults, storedProtocols } from './known-results.ts';
import { packageInfo } from './package-info.ts';
import { registries } from './registries.ts';
import { say } from './say.ts';

/** Prints the scripts that a run would give to Slurm. @throws UserError where it would give it none */
export async function sayWhatIsSubmitted(options: SolvingOptions): Promise<void> {
  const { config, results, executor, trace } = options;
  const plan = await loadPlan(config, registries, assignments(options), storedProtocols(results));
  if ((executor ?? plan.executor.kind) !== 'slurm')
    throw new UserError(`--dry-run is for --executor slurm; what a run here does: tweedie plan ${config}`);
  const { states, costs } = knownResults(results, plan);
  const todo = workToDo(plan, states);
  const next = submittable(plan, todo, {
    ...{ resultsDir: resolve(results), program: packageInfo().version, version: plan.name },
    ...{ limits: timeLimits(options), traces: trace, argv: process.argv.slice(2) },
    seconds: (batch) => batchSeconds(batch, costs),
  });
  const batches = todo.map(({ batch }) => batch);
  say(summaryOf(plan, states, next, estimateSeconds(batches, [slurmSlots(plan, next)], costs)));
  const cluster = clusterFor(results);
  for (const group of next.spec.groups.keys()) {
    const entries = next.slices.flatMap((slice, number) =>
      slice.group === group ? [{ slice: number, failures: 0, failed: [] }] : [],
    );
    const parts = entries.map(({ slice }) => next.slices[slice]!.batches.length);
    say(
      `\n${counted(entries.length, 'element')} of ${Math.min(...parts)} to ${Math.max(...parts)} batches on ${next.spec.groups[group]!.device}\n`,
    );
    say(cluster.script(arrayJob(next, { number: group, group, entries }, PROGRAM)));
  }
}
