import { formatParam, formatParams } from '../../identity/param-text.ts';
import type { Estimate } from '../../metrics/statistics.ts';
import type { ChartRef } from '../../plan/plan.ts';
import type { Column } from '../columns.ts';
import { groupBy } from '../group-by.ts';
import { CAPTIONED, differingKeys, type Method } from '../methods.ts';
import type { Cell, TableModel } from '../table-model.ts';

export interface SweepPoint extends Estimate {
  readonly x: number | string;
}

/** A metric against one parameter of one solver. */
export interface SweepChart {
  readonly kind: 'sweep';
  readonly column: Column;
  readonly solver: string;
  readonly param: string;
  /** One line for each setting of the solver's other varying parameters; sorted by x. */
  readonly series: readonly { readonly label: string; readonly points: readonly SweepPoint[] }[];
  /** The other solvers, which the parameter does not touch: level lines. Trivial baselines would squeeze the curve. */
  readonly levels: readonly { readonly label: string; readonly mean: number }[];
}

/** Every method of a table beside the others, for one metric. */
export interface DotChart {
  readonly kind: 'dots';
  readonly column: Column;
  readonly dots: readonly (Estimate & { readonly label: string; readonly trivial: boolean })[];
}

export type ChartModel = SweepChart | DotChart;

/** The sweeps asked for that this table holds; where there is none, a dot chart of every metric. */
export function buildCharts(table: TableModel, charts: readonly ChartRef[]): ChartModel[] {
  const sweeps = charts.flatMap(({ x, y }) => {
    const dot = x.indexOf('.');
    const [solver, param] = [x.slice(0, dot), x.slice(dot + 1)];
    return table.columns.flatMap((column, i) =>
      y.includes(column.metric) ? (sweep(table, i, solver, param) ?? []) : [],
    );
  });
  return sweeps.length ? sweeps : table.columns.map((_, i) => dots(table, i));
}

interface Measured {
  readonly method: Method;
  readonly cell: Cell;
}

function measured(table: TableModel, column: number): Measured[] {
  return table.rows.flatMap(({ method, cells }) => {
    const cell = cells[column];
    return cell && Number.isFinite(cell.mean) ? [{ method, cell }] : [];
  });
}

/** Null where the parameter has fewer than two values. */
function sweep(table: TableModel, index: number, solver: string, param: string): SweepChart | null {
  const all = measured(table, index);
  const swept = all.filter(({ method }) => method.solver === solver && Object.hasOwn(method.params, param));
  if (new Set(swept.map(({ method }) => formatParam(method.params[param]))).size < 2) return null;
  const others = differingKeys(swept.map(({ method }) => method.params)).filter((key) => key !== param);
  const { title } = swept[0]!.method;
  const series = [...groupBy(swept, ({ method }) => seriesOf(method, others, table.priors.length > 1))].map(
    ([detail, members]) => {
      const name = members.every(({ method }) => method.captioned) ? `${title}${CAPTIONED}` : title;
      return {
        label: detail ? `${name} (${detail})` : name,
        points: members
          .map(({ method, cell }) => ({ x: axisValue(method.params[param]), ...estimate(cell) }))
          .sort(byX),
      };
    },
  );
  const levels = all
    .filter(({ method }) => method.solver !== solver && !method.trivial)
    .map(({ method, cell }) => ({ label: method.label, mean: cell.mean }));
  return { kind: 'sweep', column: table.columns[index]!, solver: title, param, series, levels };
}

/** What tells a line from the others of its solver. */
function seriesOf({ params, prior }: Method, others: readonly string[], several: boolean): string {
  return [...(several && prior ? [prior] : []), formatParams(params, others)].filter(Boolean).join(', ');
}

function dots(table: TableModel, index: number): DotChart {
  return {
    kind: 'dots',
    column: table.columns[index]!,
    dots: measured(table, index).map(({ method, cell }) => ({
      label: method.label,
      trivial: method.trivial,
      ...estimate(cell),
    })),
  };
}

function estimate({ mean, low, high, images }: Cell): Estimate {
  return { mean, low, high, images };
}

function axisValue(value: unknown): number | string {
  return typeof value === 'number' ? value : formatParam(value);
}

function byX(a: SweepPoint, b: SweepPoint): number {
  return typeof a.x === 'number' && typeof b.x === 'number' ? a.x - b.x : 0;
}
