import { UserError } from '../errors.ts';
import { groupBy } from '../group-by.ts';
import { kindOf, type Solver } from '../solvers/solver.ts';
import { rolesOf } from '../tasks/roles.ts';
import type { TaskPoint } from './experiment.ts';
import { isFor } from './fit.ts';

/** What a task is given to run: other kinds of methods have nothing to say on it. */
export function withSolversOfItsKind(point: TaskPoint): TaskPoint {
  return { ...point, solvers: point.solvers.filter(({ solver }) => isFor(solver, point.task)) };
}

/** Which tasks have neither a baseline nor a solver of their kind, a line each. */
export function tasksWithoutMethods(run: readonly TaskPoint[]): string[] {
  const bare = run.filter(({ task, solvers }) => !task.baseline && solvers.length === 0);
  return [...new Set(bare.map(({ task }) => task.name))].map(
    (name) => `${name} has no method here: it has no baseline, and no solver is of its kind`,
  );
}

/**
 * Which solvers some tasks are not for, those of one kind in a line.
 * @throws UserError for one that no task is for
 */
export function idleSolvers(asked: readonly TaskPoint[], run: readonly TaskPoint[]): string[] {
  const used = new Set(run.flatMap(({ solvers }) => solvers.map(({ solver }) => solver)));
  const idle = new Map<Solver, Set<string>>();
  for (const { task, solvers } of asked)
    for (const { solver, written } of solvers) {
      if (isFor(solver, task)) continue;
      const kind = kindOf(solver);
      if (!used.has(solver))
        throw new UserError(
          `${solver.name} is a method to ${rolesOf(kind).does}; expected a task of that kind, found ${task.name} (${task.kind})`,
          written.where,
        );
      idle.set(solver, (idle.get(solver) ?? new Set()).add(task.name));
    }
  const alike = groupBy(idle, ([solver, tasks]) => JSON.stringify([kindOf(solver), ...tasks]));
  return [...alike.values()].map((those) => {
    const [solver, tasks] = those[0]!;
    const names = those.map(([{ name }]) => name).join(', ');
    const [runs, are] =
      those.length === 1 ? ['does not run', 'it is a method'] : ['do not run', 'they are methods'];
    return `${names} ${runs} on ${[...tasks].join(', ')}: ${are} to ${rolesOf(kindOf(solver)).does}`;
  });
}
