import { UserError } from '../errors.ts';
import type { Experiment, SolverPoint, TaskPoint } from '../plan/experiment.ts';
import { isFor } from '../plan/fit.ts';
import { whyUnasked } from '../plan/unasked.ts';
import { isScoredBy } from '../tasks/roles.ts';
import { counted } from '../text/count.ts';
import { writtenValues } from './axis.ts';
import type { SolverSearch, Tuning } from './section.ts';
import { pointsOf } from './sequence.ts';
import { pointAt, type Trials, trialsOf } from './trials.ts';

/** The search of one solver's parameters on one task. */
export interface Search extends Trials {
  readonly task: TaskPoint;
  readonly solver: SolverPoint['solver'];
  /** Names of what is searched. */
  readonly parameters: readonly string[];
}

/**
 * Every search that a section asks for, task by task. Tasks whose results the metric is no number of have none.
 * @throws UserError for a candidate that the solver's schema refuses, a solver of which a task runs several points, and
 * where no task is left
 */
export function searchesOf({ tasks }: Experiment, tuning: Tuning): Search[] {
  const { metric, where } = tuning.metric;
  const scored = tasks.filter(({ task }) => isScoredBy(task.kind, metric));
  if (scored.length === 0) throw new UserError(`metric ${metric.name} ${whyUnasked(metric, tasks)}`, where);
  const searches = scored.flatMap((task) =>
    tuning.searches.flatMap((asked) => searchOf(task, asked, tuning) ?? []),
  );
  const idle = tuning.searches.find(({ solver }) => !searches.some((search) => search.solver === solver));
  if (idle)
    throw new UserError(
      `tune.search: ${idle.solver.name} runs on none of the tasks that ${metric.name} scores`,
      idle.where,
    );
  return searches;
}

function searchOf(task: TaskPoint, { solver, axes, where }: SolverSearch, tuning: Tuning): Search | null {
  if (!isFor(solver, task.task)) return null;
  const [base, ...others] = task.solvers.filter((point) => point.solver === solver);
  const priors = base!.priors?.length ?? 1;
  if (others.length > 0 || priors > 1)
    throw new UserError(
      `tune.search: ${task.task.name} runs ${others.length > 0 ? 'several points' : `${priors} priors`} of ${solver.name}; ` +
        'expected one, since an override holds for all of them',
      where,
    );
  for (const axis of axes)
    for (const value of writtenValues(axis)) {
      const entries = new Map([[axis.parameter, { keyWhere: axis.keyWhere, value }]]);
      pointAt(base!, { kind: 'map', where: value.where, entries });
    }
  const trials = trialsOf(base!, pointsOf(axes, tuning.sequence, where), tuning.budget);
  return { task, solver, parameters: axes.map(({ parameter }) => parameter), ...trials };
}

/** What a person must know to judge the searches, a line each. */
export function searchNotes(
  { tasks }: Experiment,
  searches: readonly Search[],
  { budget }: Tuning,
): string[] {
  const lines = searches.flatMap(({ solver: { name }, points, passes, exhausted }) => {
    if (points.length === 1 && passes > budget.passes)
      return [`one trial of ${name} takes ${passes} network evaluations, the budget is ${budget.passes}`];
    if (exhausted)
      return [
        `the candidates of ${name} end after ${counted(points.length, 'trial')}: ${passes} of ${budget.passes} network evaluations`,
      ];
    return points.length === 1
      ? [`the budget of ${budget.passes} network evaluations buys ${name} one trial: as it stands`]
      : [];
  });
  const searched = new Set(searches.map(({ solver }) => solver));
  const others = tasks.flatMap(({ solvers }) => solvers.map(({ solver }) => solver));
  const unsearched = others
    .filter((solver) => !searched.has(solver))
    .map(({ name }) => `${name} is not tuned`);
  return [...new Set([...lines, ...unsearched])];
}
