import { type CostSource, costsFrom, type MeasuredRun } from '../plan/estimate.ts';
import { cellKeys, type Plan } from '../plan/plan.ts';
import { hasDatabase } from '../store/layout.ts';
import { readNamed } from '../store/methods.ts';
import { costs, statesOf } from '../store/queries.ts';
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
export function costsOf(store: Store): CostSource {
  const { methods, settings } = readNamed(store);
  const measured = costs(store, null).map((row) => ({
    ...row,
    method: methods.get(row.method)!,
    setting: settings.get(row.setting)!,
  }));
  return costsFrom(measured, runTimes(store));
}

/** Looks a plan up in a results folder; one that does not exist yet holds nothing, and is not created. */
export function knownResults(resultsDir: string, plan: Plan): KnownResults {
  if (!hasDatabase(resultsDir)) return { states: new Map(), costs: costsFrom([]), lastRun: null };
  const store = openStore(resultsDir, { create: false });
  try {
    const lastRun = runTimes(store).find(({ estimatedSeconds }) => estimatedSeconds !== null) ?? null;
    return { states: statesOf(store, cellKeys(plan)), costs: costsOf(store), lastRun };
  } finally {
    closeStore(store);
  }
}
