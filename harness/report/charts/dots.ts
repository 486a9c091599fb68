import type { ChartContext } from './context.ts';
import type { Figure, Series } from './figure.ts';
import { type Measure, measureAxis } from './measure.ts';

/** Every method beside the others for one metric: a row each, in the order of the table. */
export function dotFigure({ table, looks }: ChartContext, measure: Measure): Figure {
  const rows = table.rows.flatMap(({ method }) => {
    const value = measure.of(method);
    return value && !Number.isNaN(value.mean) ? [{ label: method.label, ...value }] : [];
  });
  const series = rows.map(
    ({ label, mean, low, high }, y): Series => ({
      label,
      look: looks(label),
      line: 'none',
      points: [{ x: mean, xLow: low, xHigh: high, y }],
      inLegend: false,
    }),
  );
  return {
    kind: 'dots',
    title: measure.name,
    caption: measure.ofSets
      ? `${measure.title}: each method's number of the whole set; bars are 1.96 standard errors.`
      : `${measure.title}: mean and 95 % interval of each method.`,
    height: 60 + 30 * rows.length,
    x: measureAxis(measure),
    y: {
      title: '',
      name: 'method',
      digits: null,
      range: {},
      worse: null,
      mayBeLog: false,
      isRead: false,
      categories: rows.map(({ label }) => label),
      reversed: true,
    },
    series,
  };
}
