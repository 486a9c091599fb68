import { lookUp } from '../config/entry.ts';
import { type Located, nodeAt } from '../config/located.ts';
import type { ExperimentKeys } from '../config/schema.ts';
import type { TableRef } from './plan.ts';
import type { Registries } from './registries.ts';

/** What this experiment has, by names. */
export interface OwnNames {
  readonly tasks: readonly string[];
  readonly metrics: readonly string[];
  /** Solvers, and labels beside them. */
  readonly methods: readonly string[];
}

/**
 * The tables that `report.tables` asks for. A table of other experiments may name what these have: every task and metric
 * that is known, and any label.
 * @throws UserError at a name that there is not
 */
export function readTables(
  tables: ExperimentKeys['report']['tables'],
  node: Located,
  own: OwnNames,
  registries: Registries,
): TableRef[] {
  return tables.map((table, i): TableRef => {
    const { title = null, experiments = null, tasks = null, metrics = null, methods = null, ...rest } = table;
    const known = experiments
      ? { tasks: [...registries.tasks.keys()], metrics: [...registries.metrics.keys()], methods: null }
      : own;
    const whose = experiments ? '' : " among this experiment's";
    const look = (names: readonly string[] | null, name: string, kind: string, path: (string | number)[]) => {
      if (names === null) return;
      const map = new Map(names.map((one) => [one, one]));
      lookUp(map, name, `${kind}${whose}`, nodeAt(node, [i, ...path]).where);
    };
    for (const [j, name] of tasks?.entries() ?? []) look(known.tasks, name, 'task', ['tasks', j]);
    for (const [j, name] of metrics?.entries() ?? []) look(known.metrics, name, 'metric', ['metrics', j]);
    for (const [j, name] of methods?.entries() ?? [])
      look(known.methods, name, 'solver or label', ['methods', j]);
    for (const [j, { method }] of rest.footnotes.entries())
      if (method !== undefined) look(known.methods, method, 'solver or label', ['footnotes', j, 'method']);
    const footnotes = rest.footnotes.map(({ method = null, text }) => ({ method, text }));
    return { ...rest, title, experiments, tasks, metrics, methods, footnotes };
  });
}
