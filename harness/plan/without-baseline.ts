import { calledAmong } from './called-among.ts';
import type { SolverPoint, TaskPoint } from './experiment.ts';
import { type Choices, lackOfTask } from './fit.ts';
import type { PlannedPrior } from './inspect-priors.ts';

/** Which tasks have no row of the report's baseline, so that nothing is compared with it there, a line each. */
export function tasksWithoutBaseline(
  tasks: readonly TaskPoint[],
  choices: Choices<PlannedPrior>,
  baseline: string | null,
): string[] {
  if (baseline === null) return [];
  const isRun = (point: SolverPoint, { task }: TaskPoint) =>
    lackOfTask(point.solver, task) === null && choices.get(point)!.some(({ lack }) => lack === null);
  const bare = tasks.filter(
    (task) =>
      !task.solvers.some(
        (point) => [point.solver.name, point.label].includes(baseline) && isRun(point, task),
      ),
  );
  return bare.map(
    (task) =>
      `${calledAmong(tasks, task)} has no row of ${baseline}, the report's baseline: its tables show no differences`,
  );
}
