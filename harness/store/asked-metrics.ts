import type { MetricRow } from './rows.ts';
import type { Store } from './store.ts';

/**
 * The metrics that an experiment asks for by their positions: a query of many scores gives the position, since names and
 * protocols are long and the same in every row.
 */
export function askedMetrics(
  { db }: Store,
  experiment: string,
): ReadonlyMap<number, Pick<MetricRow, 'metric' | 'version' | 'protocol'>> {
  const rows = db
    .prepare(`
      SELECT position, metric, version, protocol FROM experiment_metrics
      WHERE experiment_id = (SELECT id FROM versions WHERE ref = ?)`)
    .raw()
    .all(experiment) as [number, string, number, string][];
  return new Map(
    rows.map(([position, metric, version, protocol]) => [position, { metric, version, protocol }]),
  );
}
