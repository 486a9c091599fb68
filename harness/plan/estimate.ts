import { sizeOf } from '../engine/shape.ts';
import type { Batch, MethodRef, SettingRef } from '../identity/refs.ts';
import type { DeviceSlots } from './plan.ts';

/** What earlier results say about speed. */
export interface CostSource {
  /** Measured seconds of an image of such a batch, or null when nothing like it has run yet. */
  secondsPerImage(batch: Likeness & Pick<Batch, 'passes'>): number | null;
  /** Measured seconds until a worker with this prior has solved something, solving apart; null as above. */
  startUpSeconds(priorSha256: string): number | null;
}

/** What results and batches may have in common. */
interface Likeness {
  readonly method: Pick<MethodRef, 'key' | 'name' | 'prior'>;
  readonly setting: Pick<SettingRef, 'key' | 'task'> & { readonly imageShape: readonly number[] };
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

/** Mean cost of a method's restored images in a setting, as the store reports it. */
export interface MeasuredCost extends Likeness {
  readonly images: number;
  readonly secondsPerImage: number;
  /** Evaluations of networks an image; forward passes of the prior's are `unetForward`. */
  readonly calls: Readonly<Record<string, number>>;
}

/** Used until there are results: what the demo took on one core of an AMD EPYC (Turin) virtual machine, 2026-11-22. */
export const ASSUMED_SECONDS_PER_PASS = 0.035;
/** Values of the demo's pictures: of larger ones, and the priors that make them, the constant says nothing. */
const ASSUMED_UP_TO_VALUES = 3 * 64 * 64;
const SECONDS_PER_BASELINE_IMAGE = 0.01;
/** A guess until there are runs: a worker starts and loads the embedded prior. */
const ASSUMED_START_UP_SECONDS = 2;

/**
 * Speed from earlier results: of the same method in the same setting as it was; else by forward passes, of the same
 * solver and task, else of the same solver, else of any, with the same prior at the same image size. Start-up from the
 * latest runs with the same prior: the least, since waiting for the last batch adds to it.
 */
export function costsFrom(measured: readonly MeasuredCost[], runs: readonly MeasuredRun[] = []): CostSource {
  const own = new Map(measured.map((cost) => [ownKey(cost), cost.secondsPerImage]));
  const totals = new Map<string, { seconds: number; passes: number }>();
  for (const cost of measured) {
    const { images, secondsPerImage, calls } = cost;
    if (!calls.unetForward) continue;
    for (const key of likenesses(cost)) {
      const total = totals.get(key) ?? { seconds: 0, passes: 0 };
      total.seconds += images * secondsPerImage;
      total.passes += images * calls.unetForward;
      totals.set(key, total);
    }
  }
  return {
    secondsPerImage(batch) {
      const known = own.get(ownKey(batch));
      if (known !== undefined) return known;
      const best = likenesses(batch).find((key) => totals.has(key));
      if (best === undefined) return null;
      const { seconds, passes } = totals.get(best)!;
      return (batch.passes * seconds) / passes;
    },
    startUpSeconds(priorSha256) {
      const waits = runs
        .filter((run) => run.priorSha256 === priorSha256)
        .map(({ seconds, solvingSeconds, workers }) => Math.max(0, seconds - solvingSeconds / workers));
      return waits.length === 0 ? null : waits.reduce((least, wait) => Math.min(least, wait));
    },
  };
}

function ownKey({ method, setting }: Likeness): string {
  return `${method.key} ${setting.key}`;
}

/** What results may have in common with a batch, the most alike first. */
function likenesses({ method, setting }: Likeness): string[] {
  const base = [method.prior?.weightsSha256, setting.imageShape.join()];
  return [[...base, method.name, setting.task], [...base, method.name], base].map((parts) =>
    JSON.stringify(parts),
  );
}

/** Seconds of work in one batch on one worker; null where nothing is known of its speed. */
export function batchSeconds(batch: Batch, costs: CostSource): number | null {
  const { method, setting, items, passes } = batch;
  if (method.kind === 'baseline') return items.length * SECONDS_PER_BASELINE_IMAGE;
  const small = sizeOf(setting.imageShape) <= ASSUMED_UP_TO_VALUES;
  const seconds = costs.secondsPerImage(batch) ?? (small ? passes * ASSUMED_SECONDS_PER_PASS : null);
  return seconds === null ? null : items.length * seconds;
}

/**
 * Wall-clock seconds when the workers have started and each batch goes, in order, to the first one that is free; null
 * where the speed of one is unknown.
 */
export function estimateSeconds(
  batches: readonly Batch[],
  devices: readonly DeviceSlots[],
  costs: CostSource,
): number | null {
  const workers = devices.reduce((sum, { slots }) => sum + slots, 0);
  const busyUntil = Array.from({ length: Math.max(workers, 1) }, () => 0);
  for (const batch of batches) {
    const next = busyUntil.indexOf(busyUntil.reduce((first, end) => Math.min(first, end)));
    const seconds = batchSeconds(batch, costs);
    if (seconds === null) return null;
    busyUntil[next] = busyUntil[next]! + seconds;
  }
  return busyUntil.reduce((last, end) => Math.max(last, end)) + startUp(batches, costs);
}

/** A baseline needs no prior, but a worker as well. */
function startUp(batches: readonly Batch[], costs: CostSource): number {
  if (batches.length === 0) return 0;
  const prior = batches.find(({ method }) => method.prior)?.method.prior;
  return (prior && costs.startUpSeconds(prior.weightsSha256)) ?? ASSUMED_START_UP_SECONDS;
}
