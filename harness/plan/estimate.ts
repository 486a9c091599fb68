import { sizeOf } from '../engine/shape.ts';
import type { CellGroup, Params } from '../identity/refs.ts';
import type { DeviceSlots } from './plan.ts';

/** What earlier results say about speed. */
export interface CostSource {
  /** Measured seconds per image and guided step (see guidedSteps), or null when nothing like it has run yet. */
  secondsPerImageStep(group: Pick<CellGroup, 'solver' | 'task' | 'imageShape'>): number | null;
  /** Measured seconds until a worker with this prior has solved something, solving apart; null as above. */
  startUpSeconds(priorSha256: string): number | null;
}

/** How long a finished run took, beside what its batches took alone: the store's RunTime. */
export interface MeasuredRun {
  /** What was said before it. */
  readonly estimatedSeconds: number | null;
  readonly seconds: number;
  /** Of all its batches, one after the other. */
  readonly solvingSeconds: number;
  readonly workers: number;
  readonly priorSha256: string;
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
/** A guess until there are runs: a worker starts and loads the embedded prior. */
const ASSUMED_START_UP_SECONDS = 2;

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
 * any solver. Start-up from the latest runs with the same prior: the least, since waiting for the last batch adds to it.
 */
export function costsFrom(measured: readonly MeasuredCost[], runs: readonly MeasuredRun[] = []): CostSource {
  const totals = new Map<string, { seconds: number; steps: number }>();
  for (const { solver, task, params, imageShape, images, secondsPerImage } of measured) {
    if (!('steps' in params)) continue;
    for (const key of likenesses(solver, task, imageShape)) {
      const total = totals.get(key) ?? { seconds: 0, steps: 0 };
      total.seconds += images * secondsPerImage;
      total.steps += images * guidedSteps(params);
      totals.set(key, total);
    }
  }
  return {
    secondsPerImageStep({ solver, task, imageShape }) {
      const best = likenesses(solver, task, imageShape).find((key) => totals.has(key));
      if (best === undefined) return null;
      const { seconds, steps } = totals.get(best)!;
      return seconds / steps;
    },
    startUpSeconds(priorSha256) {
      const waits = runs
        .filter((run) => run.priorSha256 === priorSha256)
        .map(({ seconds, solvingSeconds, workers }) => Math.max(0, seconds - solvingSeconds / workers));
      return waits.length === 0 ? null : waits.reduce((least, wait) => Math.min(least, wait));
    },
  };
}

/** What results may have in common with a group, the most alike first. */
function likenesses(solver: string, task: string, imageShape: readonly number[]): string[] {
  const size = imageShape.join();
  return [[size, solver, task], [size, solver], [size]].map((parts) => JSON.stringify(parts));
}

/** Seconds of work in one group on one worker; null where nothing is known of its speed. */
export function groupSeconds(group: CellGroup, costs: CostSource): number | null {
  if (group.kind === 'baseline') return group.items.length * SECONDS_PER_BASELINE_IMAGE;
  const small = sizeOf(group.imageShape) <= ASSUMED_UP_TO_VALUES;
  const perStep = costs.secondsPerImageStep(group) ?? (small ? ASSUMED_SECONDS_PER_IMAGE_STEP : null);
  return perStep === null ? null : group.items.length * guidedSteps(group.params) * perStep;
}

/**
 * Wall-clock seconds when the workers have started and each group goes, in order, to the first one that is free; null
 * where the speed of one is unknown.
 */
export function estimateSeconds(
  groups: readonly CellGroup[],
  devices: readonly DeviceSlots[],
  costs: CostSource,
): number | null {
  const workers = devices.reduce((sum, { slots }) => sum + slots, 0);
  const busyUntil = Array.from({ length: Math.max(workers, 1) }, () => 0);
  for (const group of groups) {
    const next = busyUntil.indexOf(busyUntil.reduce((first, end) => Math.min(first, end)));
    const seconds = groupSeconds(group, costs);
    if (seconds === null) return null;
    busyUntil[next] = busyUntil[next]! + seconds;
  }
  return busyUntil.reduce((last, end) => Math.max(last, end)) + startUp(groups, costs);
}

/** A baseline needs no prior, but a worker as well. */
function startUp(groups: readonly CellGroup[], costs: CostSource): number {
  if (groups.length === 0) return 0;
  const prior = groups.find((group) => group.prior)?.prior;
  return (prior && costs.startUpSeconds(prior.weightsSha256)) ?? ASSUMED_START_UP_SECONDS;
}
