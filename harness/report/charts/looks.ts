import type { TableModel } from '../table-model.ts';
import type { Look } from './figure.ts';

/** How methods look, by their labels: the same in every chart and trace of a report. */
export type Looks = (label: string) => Look;

/** Methods take colours in the order of the tables; baselines are muted, and so is a label that is in no table. */
export function looksOf(tables: readonly TableModel[]): Looks {
  const methods = tables.flatMap(({ rows }) => rows.map(({ method }) => method));
  const labels = [...new Set(methods.filter(({ trivial }) => !trivial).map(({ label }) => label))];
  const places = new Map(labels.map((label, method) => [label, { method }]));
  return (label) => places.get(label) ?? 'muted';
}
