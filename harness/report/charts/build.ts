import type { ChartRef } from '../../identity/chart-ref.ts';
import type { ChartContext } from './context.ts';
import { convergenceFigures } from './convergence.ts';
import { dotFigure } from './dots.ts';
import type { Figure } from './figure.ts';
import { parallelFigures } from './parallel.ts';
import { scatterFigures } from './scatter.ts';
import { sweepFigures } from './sweep.ts';
import { paretoFigures, planeFigures, usualPlane } from './tradeoff.ts';

/** A table's charts, and those asked for that it has no numbers for. */
export interface Charts {
  readonly figures: readonly Figure[];
  readonly missing: readonly ChartRef[];
}

/** The charts asked for that this table holds; where there is none, those that every table can have. */
export function buildCharts(context: ChartContext, charts: readonly ChartRef[]): Charts {
  const asked = charts.map((ref) => ({ ref, figures: figuresOf(context, ref) }));
  const figures = asked.flatMap((one) => one.figures);
  return {
    figures: figures.length > 0 ? figures : usualCharts(context),
    missing: asked.filter((one) => one.figures.length === 0).map(({ ref }) => ref),
  };
}

function figuresOf(context: ChartContext, ref: ChartRef): Figure[] {
  switch (ref.kind) {
    case 'sweep':
      return sweepFigures(context, ref);
    case 'pareto':
      return paretoFigures(context, ref);
    case 'plane':
      return planeFigures(context, ref);
    case 'scatter':
      return scatterFigures(context, ref);
    case 'parallel':
      return parallelFigures(context, ref);
    case 'convergence':
      return convergenceFigures(context, ref);
  }
}

/** Dots of every metric, the perception-distortion plane, and the first metric against time. */
function usualCharts(context: ChartContext): Figure[] {
  const { columns } = context.measures;
  const plane = usualPlane(context);
  const [first] = columns;
  return [
    ...columns.map((measure) => dotFigure(context, measure)),
    ...(plane ? planeFigures(context, plane) : []),
    ...(first ? paretoFigures(context, { kind: 'pareto', x: 'seconds', y: [first.name] }) : []),
  ];
}
