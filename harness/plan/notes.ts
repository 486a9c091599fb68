import { dropsOffset } from '../priors/ddim.ts';
import type { NoiseSchedule } from '../priors/schedule.ts';
import type { SolverPoint } from './experiment.ts';

/** What a person should know of the numbers before they are made, and the experiment file does not say. */
export function notesOf(points: Iterable<SolverPoint>, schedule: NoiseSchedule | undefined): string[] {
  if (!schedule) return [];
  const departing = [...points]
    .filter(({ params: { steps } }) => typeof steps === 'number' && dropsOffset(schedule, steps))
    .map(({ solver }) => solver.name);
  if (departing.length === 0) return [];
  const { numTrainTimesteps: N, stepsOffset } = schedule;
  return [
    `${[...new Set(departing)].join(', ')}: with ${N} steps the prior's steps_offset of ${stepsOffset} is dropped (t = ${N - 1}..0; diffusers would ask for t = ${N}, which its schedule does not have)`,
  ];
}
