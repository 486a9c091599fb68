import type { CellGroup, DeviceSlots, Params } from './plan.ts';

/** What earlier results say about speed. */
export interface CostSource {
  /** Measured seconds per image and guided step (see guidedSteps), or null when nothing like it has run yet. */
  secondsPerImageStep(group: Pick<CellGroup, 'solver' | 'task' | 'imageShape'>): number | null;
}

/** Mean time of a method's restored images, as the store reports it. */
export interface MeasuredCost {
  readonly solver: string;
  readonly params: Params;
  readonly task: string;
  readonly imageShape: readonly number[];
  readonly images: number;
  readonly secondsPerImage: number;
}

/** Used until there are results: what the demo took on one core of an AMD EPYC (Turin) virtual machine, 2026-11-22. */
export const ASSUMED_SECONDS_PER_IMAGE_STEP = 0.035;
/** Values of the demo's pictures: of larger ones, and the priors that make them, the constant says nothing. */
const ASSUMED_UP_TO_VALUES = 3 * 64 * 64;
const SECONDS_PER_BASELINE_IMAGE = 0.01;

/**
 * How many gradients through prior and decoder one image takes: each sampling step is one, and each prompt update
 * within a step another. By convention solvers call these parameters `steps` and `promptSteps`.
 */
export function guidedSteps(params: Params): number {
  const number = (key: string, fallback: number) =>
    typeof params[key] === 'number' ? params[key] : fallback;
  return number('steps', 1) * (1 + number('promptSteps', 0));
}

/**
 * Speed from earlier results at the same image size: of the same solver and task, else of the same solver, else of
 * any solver.
 */
export function costsFrom(measured: readonly MeasuredCost[]): CostSource {
  return {
    secondsPerImageStep({ solver, task, imageShape }) {
      const sameSize = measured.filter(
        (row) => 'steps' in row.params && row.imageShape.join() === imageShape.join(),
      );
      const sameSolver = sameSize.filter((row) => row.solver === solver);
      const sameTask = sameSolver.filter((row) => row.task === task);
      const best = [sameTask, sameSolver, sameSize].find((rows) => rows.length > 0);
      if (!best) return null;
      const seconds = best.reduce((sum, row) => sum + row.images * row.secondsPerImage, 0);
      return seconds / best.reduce((sum, row) => sum + row.images * guidedSteps(row.params), 0);
    },
  };
}

/** Seconds of work in one group on one worker; null where nothing is known of its speed. */
export function groupSeconds(group: CellGroup, costs: CostSource): number | null {
  if (group.kind === 'baseline') return group.items.length * SECONDS_PER_BASELINE_IMAGE;
  const small = group.imageShape.reduce((product, n) => product * n, 1) <= ASSUMED_UP_TO_VALUES;
  const perStep = costs.secondsPerImageStep(group) ?? (small ? ASSUMED_SECONDS_PER_IMAGE_STEP : null);
  return perStep === null ? null : group.items.length * guidedSteps(group.params) * perStep;
}

/**
 * Wall-clock seconds when each group goes, in order, to the first worker that is free; null where the speed of one is
 * unknown.
 */
export function estimateSeconds(
  groups: readonly CellGroup[],
  devices: readonly DeviceSlots[],
  costs: CostSource,
): number | null {
  const workers = devices.reduce((sum, { slots }) => sum + slots, 0);
  const busyUntil = Array.from({ length: Math.max(workers, 1) }, () => 0);
  for (const group of groups) {
    const next = busyUntil.indexOf(Math.min(...busyUntil));
    const seconds = groupSeconds(group, costs);
    if (seconds === null) return null;
    busyUntil[next] = busyUntil[next]! + seconds;
  }
  return Math.max(...busyUntil);
}
