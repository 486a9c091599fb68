import { calledAmong } from './called-among.ts';
import type { TaskPoint } from './experiment.ts';
import { type Choices, lackOfTask } from './fit.ts';
import type { PlannedPrior } from './inspect-priors.ts';

/** Which tasks have no row of the report's baseline, so that nothing is compared with it there, a line each. */
export function tasksWithoutBaseline(
  tasks: readonly TaskPoint[],
  choices: Choices<PlannedPrior>,
  baseline: string | null,
): string[] {
  if (baseline === null) return [];
  const bare = tasks.filter((task) => {
    const run = task.solvers.filter(
      (point) =>
        lackOfTask(point.solver, task.task) === null && choices.get(point)!.some(({ lack }) => lack === null),
    );
    return run.length > 0 && !run.some(({ solver, label }) => [solver.name, label].includes(baseline));
  });
  return bare.map(
    (task) =>
      `${calledAmong(tasks, task)} has no row of ${baseline}, the report's baseline: its tables show no differences`,
  );
}
