import { UserError } from '../errors.ts';
import { type CostSource, costsFrom, type MeasuredRun } from '../plan/estimate.ts';
import { cellKeys, type Plan, type StoredProtocol } from '../plan/plan.ts';
import type { Known } from '../plan/registries.ts';
import { lacksScores } from '../scheduler/score-plan.ts';
import { hasDatabase } from '../store/layout.ts';
import { readNamed } from '../store/methods.ts';
import { cellStates, costs, experimentProtocol, statesOf } from '../store/queries.ts';
import type { CellStatus } from '../store/records.ts';
import { runTimes } from '../store/run-times.ts';
import { closeStore, openStore, type Store } from '../store/store.ts';

/** What a results folder already holds of a plan. */
export interface KnownResults {
  /** The stored cells by their keys. */
  readonly states: ReadonlyMap<string, CellStatus>;
  readonly costs: CostSource;
  /** The latest finished run that was estimated. */
  readonly lastRun: MeasuredRun | null;
}

/** What a store knows of speed. */
export function costsOf(store: Store, times = runTimes(store)): CostSource {
  const { methods, settings } = readNamed(store);
  const measured = costs(store, null).map((row) => ({
    ...row,
    method: methods.get(row.method)!,
    setting: settings.get(row.setting)!,
  }));
  return costsFrom(measured, times);
}

/** What the numbers in a results folder tell of metrics whose weights are missing. */
export function storedProtocols(resultsDir: string): StoredProtocol {
  return (experiment, metric, version) =>
    hasDatabase(resultsDir)
      ? reading(resultsDir, (store) => experimentProtocol(store, experiment, metric, version))
      : null;
}

/** Throws UserError where weights are missing and a result or a number of the plan is, too. */
export function requireWeights(plan: Plan, resultsDir: string, known: Known): void {
  const [missing] = plan.missingWeights;
  if (missing === undefined) return;
  const whole = reading(resultsDir, (store) => {
    const states = cellStates(store, plan.name);
    return cellKeys(plan).every((key) => states.get(key) === 'done') && !lacksScores(store, plan.name, known);
  });
  if (!whole) throw new UserError(missing);
}

function reading<T>(resultsDir: string, read: (store: Store) => T): T {
  const store = openStore(resultsDir, { create: false });
  try {
    return read(store);
  } finally {
    closeStore(store);
  }
}

/** Looks a plan up in a results folder; one that does not exist yet holds nothing, and is not created. */
export function knownResults(resultsDir: string, plan: Plan): KnownResults {
  if (!hasDatabase(resultsDir)) return { states: new Map(), costs: costsFrom([]), lastRun: null };
  return reading(resultsDir, (store) => {
    const times = runTimes(store);
    return {
      states: statesOf(store, cellKeys(plan)),
      costs: costsOf(store, times),
      lastRun: times.find(({ estimatedSeconds }) => estimatedSeconds !== null) ?? null,
    };
  });
}
