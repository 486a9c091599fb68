import { groupBy } from '../../group-by.ts';
import type { CostName } from '../../identity/chart-ref.ts';
import { type Difference, type Estimate, pairedDifference, type Score } from '../../metrics/statistics.ts';
import type { SetRow } from '../../store/rows.ts';
import { type Column, columnKey } from '../columns.ts';
import type { Method } from '../methods.ts';
import type { CostRow, ReportSource } from '../source.ts';
import { setDifference, type TableModel } from '../table-model.ts';
import type { Axis } from './figure.ts';

/** What an axis can show of each method: a metric's column, or a cost. */
export interface Measure {
  readonly name: string;
  /** As axes print it: PSNR (dB) ↑ */
  readonly title: string;
  /** As sentences do: PSNR */
  readonly short: string;
  readonly unit: string;
  readonly digits: number | null;
  readonly better: 'higher' | 'lower';
  readonly isCost: boolean;
  /** Whether its interval is of a set's number: 1.96 standard errors. */
  readonly ofSets: boolean;
  of(method: Method): Estimate | null;
  /** `method` minus `other`, paired by picture and seed; null where there is no such thing. */
  difference(method: Method, other: Method): Difference | null;
  /** By picture and seed; none of a set's number or a cost. */
  scores(method: Method): readonly Score[];
}

export type MeasureSource = Pick<ReportSource, 'rows' | 'setRows' | 'costs'>;

/** A table's measures by name: a metric has one for each of its columns. */
export interface Measures {
  named(name: string): readonly Measure[];
  readonly columns: readonly Measure[];
}

export function measuresOf(table: TableModel, source: MeasureSource): Measures {
  const scores = scoreIndex(table, source);
  const sets = source.setRows.filter(({ setting }) => setting === table.key);
  const costs = source.costs.filter(({ setting }) => setting === table.key);
  const cells = new Map(table.rows.map((row) => [row.method.key, row.cells]));
  const columns = table.columns.map((column, i): Measure => {
    const { metric: name, title: short, unit, digits, better, ofSets } = column;
    const ofPictures = (method: Method) => (ofSets ? [] : scores(column, method));
    return {
      ...{ name, short, unit: unit ?? '', digits, better, ofSets, isCost: false, title: metricTitle(column) },
      of: ({ key }) => cells.get(key)?.[i] ?? null,
      scores: ofPictures,
      difference: (method, other) =>
        ofSets
          ? differenceOfSets(method, other, column, sets)
          : differenceOfPictures(ofPictures(method), ofPictures(other)),
    };
  });
  return {
    columns,
    named: (name) => (isCost(name) ? [costMeasure(name, costs)] : columns.filter((one) => one.name === name)),
  };
}

/** PSNR (dB) ↑ */
export function metricTitle({ title, unit, arrow, variant }: Column): string {
  return `${title}${unit ? ` (${unit})` : ''} ${arrow}${variant ? `  ${variant}` : ''}`;
}

/** An axis that shows a measure; `isRead`: it has grid lines. */
export function measureAxis(measure: Measure, range: Axis['range'] = {}, isRead = true): Axis {
  const { title, name, digits, isCost: mayBeLog, better } = measure;
  const worse = mayBeLog ? null : better === 'higher' ? 'low' : 'high';
  return { title, name, digits, range, worse, mayBeLog, isRead };
}

function scoreIndex(table: TableModel, { rows }: MeasureSource) {
  let index: Map<string, readonly Score[]> | null = null;
  const place = (key: string, column: string) => `${column}\n${key}`;
  return (column: Column, { key }: Method): readonly Score[] => {
    // Made when a chart asks for scores of pictures: most need means only.
    index ??= new Map(
      [
        ...groupBy(
          rows.filter(({ setting }) => setting === table.key),
          (row) => place(row.method, columnKey(row)),
        ),
      ].map(([at, of]) => [at, of.map(({ item, seed, value }) => ({ image: item, seed, value }))]),
    );
    return index.get(place(key, columnKey(column))) ?? [];
  };
}

function differenceOfPictures(method: readonly Score[], other: readonly Score[]): Difference | null {
  if (![...method, ...other].every(({ value }) => Number.isFinite(value))) return null;
  const paired = pairedDifference(method, other);
  return paired.images === 0 ? null : paired;
}

function differenceOfSets(
  method: Method,
  other: Method,
  column: Column,
  sets: readonly SetRow[],
): Difference | null {
  const rowOf = ({ key }: Method) =>
    sets.find((row) => row.method === key && columnKey(row) === columnKey(column));
  const [row, reference] = [rowOf(method), rowOf(other)];
  return row && reference ? setDifference(row, reference, column) : null;
}

const COST_AXES: Readonly<Record<CostName, Pick<Measure, 'title' | 'short' | 'unit'>>> = {
  seconds: { title: 'seconds a picture', short: 'time', unit: 's' },
  evaluations: {
    title: 'denoiser passes a picture, forward and backward',
    short: 'denoiser passes',
    unit: '',
  },
  memory: { title: 'peak memory of the worker (MiB)', short: 'peak memory', unit: 'MiB' },
};

function isCost(name: string): name is CostName {
  return Object.hasOwn(COST_AXES, name);
}

function costMeasure(name: CostName, costs: readonly CostRow[]): Measure {
  const of = ({ key }: Method): Estimate | null => {
    const row = costs.find(({ method }) => method === key);
    const mean = row && costOf(row, name);
    // Its spread is the machine's: no interval over pictures says what it is.
    return mean ? { mean, low: Number.NaN, high: Number.NaN, images: row.images } : null;
  };
  return {
    ...COST_AXES[name],
    ...{ name, of, digits: null, better: 'lower', isCost: true, ofSets: false },
    scores: () => [],
    difference: (method, other) => {
      const [a, b] = [of(method), of(other)];
      return a && b && { ...a, mean: a.mean - b.mean, p: Number.NaN };
    },
  };
}

/** Nothing where it was not measured. */
function costOf({ secondsPerImage, calls }: CostRow, name: CostName): number | undefined {
  if (name === 'seconds') return secondsPerImage;
  if (name === 'memory') return calls.peakMemoryMiB;
  return calls.unetForward === undefined ? undefined : calls.unetForward + (calls.unetBackward ?? 0);
}
