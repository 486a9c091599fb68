import { resolve } from 'node:path';
import { UserError } from '../errors.ts';
import { batchSeconds, estimateSeconds } from '../plan/estimate.ts';
import { cellKeys, type Plan } from '../plan/plan.ts';
import type { ProcessNote } from '../scheduler/process-note.ts';
import type { KnownPlan } from '../scheduler/rebuild.ts';
import { workToDo } from '../scheduler/run-plan.ts';
import { DriverLock } from '../scheduler/slurm/driver-lock.ts';
import { openSubmissions, Submission } from '../scheduler/slurm/submission.ts';
import { type Submittable, submittable } from '../scheduler/slurm/submit-plan.ts';
import { statesOf } from '../store/queries.ts';
import type { CellStatus } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import type { TimeLimits } from '../worker/watchdog.ts';
import type { TimedSummary } from './conclusion.ts';
import type { ComputeOptions } from './experiment-options.ts';
import { FollowedRun, slurmSlots } from './followed-run.ts';
import { costsOf } from './known-results.ts';
import { packageInfo } from './package-info.ts';
import { summarise } from './plan-summary.ts';
import { say } from './say.ts';

/** The submissions of an experiment that are under way, oldest first; null: of all. */
export function submissionsOf(resultsDir: string, experiment: string | null): Submission[] {
  return openSubmissions(resolve(resultsDir)).filter(
    ({ spec }) => experiment === null || spec.experiment === experiment,
  );
}

/** What a run by Slurm is given. */
export interface BySlurm {
  readonly options: Pick<ComputeOptions, 'json' | 'failFast'>;
  readonly limits: TimeLimits;
  readonly traces: boolean;
  /** NAME@VERSION. */
  readonly version: string;
}

/**
 * Follows what is submitted of a plan, then submits what it lacks still and follows that; what is found is scored here, as
 * far as elements have not done it.
 */
export async function computeBySlurm(
  { options, limits, traces, version }: BySlurm,
  { plan, known }: KnownPlan,
  store: Store,
  note: ProcessNote,
): Promise<TimedSummary> {
  if (options.failFast) throw new UserError('--fail-fast is for --executor local; expected no --fail-fast');
  const lock = new DriverLock(store.dir, plan.name);
  try {
    const followed = new FollowedRun({ plan, known }, store, options.json);
    try {
      for (const submission of submissionsOf(store.dir, plan.name)) await followed.follow(submission);
      const todo = workToDo(plan, statesOf(store, cellKeys(plan)));
      if (followed.goesOn && todo.length > 0) {
        const costs = costsOf(store);
        const next = submittable(plan, todo, {
          ...{ resultsDir: store.dir, program: packageInfo().version, version, limits, traces },
          argv: process.argv.slice(2),
          seconds: (batch) => batchSeconds(batch, costs),
        });
        const estimate = estimateSeconds(
          todo.map(({ batch }) => batch),
          [slurmSlots(plan, next)],
          costs,
        );
        if (!options.json) say(summaryOf(plan, statesOf(store, cellKeys(plan)), next, estimate));
        await followed.follow(Submission.create(next.dir, next.spec, plan, next.slices), estimate);
      }
      return await followed.score(limits, note);
    } finally {
      followed.dispose();
    }
  } finally {
    lock.release();
  }
}

/** What a plan is and into how many elements it goes, for the person. */
export function summaryOf(
  plan: Plan,
  states: ReadonlyMap<string, CellStatus>,
  next: Submittable,
  estimate: number | null,
): string {
  return summarise({ ...plan, devices: [slurmSlots(plan, next)] }, states, estimate);
}
