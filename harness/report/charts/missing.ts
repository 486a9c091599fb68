import type { ChartRef } from '../../identity/chart-ref.ts';
import { formatParam } from '../../identity/param-text.ts';

/** A chart that was asked for and cannot be drawn of a table, and why. */
export function missingChart(ref: ChartRef): string {
  const { kind, ...rest } = ref;
  const asked = Object.entries(rest).map(([key, value]) => `${key} ${formatParam(value)}`);
  return `a chart of kind ${kind}, ${asked.join(', ')}: ${reason(ref)}`;
}

function reason(ref: ChartRef): string {
  switch (ref.kind) {
    case 'sweep':
      return 'no row has such numbers of that parameter';
    case 'pareto':
    case 'plane':
      return 'fewer than two rows have both numbers';
    case 'scatter':
      return 'one of the rows is not there, or they share no picture';
    case 'parallel':
      return `fewer than two settings of ${ref.solver} have such numbers`;
    case 'convergence':
      return 'no trace has such numbers (tweedie run --trace keeps traces)';
  }
}
