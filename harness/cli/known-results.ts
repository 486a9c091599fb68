import { type CostSource, costsFrom } from '../config/estimate.ts';
import type { Plan } from '../config/plan.ts';
import { hasDatabase } from '../store/layout.ts';
import { costs, statesOf } from '../store/queries.ts';
import type { CellStatus } from '../store/records.ts';
import { closeStore, openStore } from '../store/store.ts';

/** What a results folder already holds of a plan. */
export interface KnownResults {
  /** The stored cells by their keys. */
  readonly states: ReadonlyMap<string, CellStatus>;
  readonly costs: CostSource;
}

/** Looks a plan up in a results folder; one that does not exist yet holds nothing, and is not created. */
export function knownResults(resultsDir: string, plan: Plan): KnownResults {
  if (!hasDatabase(resultsDir)) return { states: new Map(), costs: costsFrom([]) };
  const store = openStore(resultsDir, { create: false });
  try {
    const keys = plan.groups.flatMap(({ items }) => items.map(({ cellKey }) => cellKey));
    return { states: statesOf(store, keys), costs: costsFrom(costs(store, null)) };
  } finally {
    closeStore(store);
  }
}
