import type { ReportSource } from '../source.ts';
import type { TableModel } from '../table-model.ts';
import { buildTraces, type MethodTrace } from '../trace-model.ts';
import type { Looks } from './looks.ts';
import { type Measures, measuresOf } from './measure.ts';

/** What the charts of one table are made of. */
export interface ChartContext {
  readonly table: TableModel;
  readonly measures: Measures;
  readonly looks: Looks;
  /** Of the table's methods; read from their files once. */
  traces(): readonly MethodTrace[];
}

export function chartContext(table: TableModel, source: ReportSource, looks: Looks): ChartContext {
  let traces: readonly MethodTrace[] | null = null;
  return {
    table,
    looks,
    measures: measuresOf(table, source),
    traces: () => {
      traces ??= buildTraces(table, source);
      return traces;
    },
  };
}
