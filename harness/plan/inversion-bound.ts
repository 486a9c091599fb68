import roundTrip from '../solvers/round-trip.ts';
import type { TaskPoint } from './experiment.ts';
import type { Choices } from './fit.ts';
import type { PlannedPrior } from './inspect-priors.ts';

/**
 * Which tasks to invert show no bound of what their methods can reach with latents, a line each. It is a solver where other
 * kinds have a baseline, since it asks a prior's autoencoder.
 * @param choices of the solvers that run
 * @param listed with every solver that the experiment lists
 */
export function tasksWithoutBound(
  run: readonly TaskPoint[],
  choices: Choices<PlannedPrior>,
  listed: readonly TaskPoint[],
): string[] {
  if (listed.some(({ solvers }) => solvers.some(({ solver }) => solver.name === roundTrip.name))) return [];
  const inLatents = run.filter(
    ({ task, solvers }) =>
      task.kind === 'invert' &&
      solvers.some((point) =>
        choices
          .get(point)!
          .some(({ prior, lack }) => lack === null && prior.facts.parts?.includes('autoencoder')),
      ),
  );
  return [...new Set(inLatents.map(({ task }) => task.name))].map(
    (name) =>
      `${name} has no row of what the autoencoder alone loses, which bounds inversion in latents: list the solver ${roundTrip.name} for it`,
  );
}
