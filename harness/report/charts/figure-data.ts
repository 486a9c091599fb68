import { csvLine } from '../../text/csv.ts';
import type { Axis, Figure, FigureData, Point } from './figure.ts';

/** A chart's numbers at full precision: a row a point, with its intervals where there are any; of a level its value. */
export function dataOf(figure: Figure): FigureData {
  if (figure.data) return figure.data;
  const { x, y, series } = figure;
  const shown = series.filter(({ isGuide, inLegend }) => !isGuide || inLegend);
  const points = shown.flatMap((one) =>
    one.isGuide
      ? levelOf(one.points).map((point) => ({ label: one.label, point }))
      : one.points.map((point) => ({ label: one.label, point })),
  );
  const has = (end: keyof Point) => points.some(({ point }) => Number.isFinite(point[end]));
  const columns = [columnsOf('x', x, has), columnsOf('y', y, has)].flat();
  const isNamed = points.some(({ point }) => point.name);
  return {
    head: ['series', ...(isNamed ? ['point'] : []), ...columns.map(({ head }) => head)],
    rows: points.map(({ label, point }) => [
      label,
      ...(isNamed ? [point.name ?? ''] : []),
      ...columns.map(({ of }) => of(point)),
    ]),
  };
}

/** RFC 4180, as all our CSV. */
export function dataCsv(figure: Figure): string {
  const { head, rows } = dataOf(figure);
  return `${[head, ...rows].map(csvLine).join('\r\n')}\r\n`;
}

/** A level has one value and no place; a front is drawn through points that have rows of their own. */
function levelOf([first]: readonly Point[]): Point[] {
  return first && !Number.isFinite(first.x) ? [{ x: Number.NaN, y: first.y }] : [];
}

function columnsOf(along: 'x' | 'y', axis: Axis, has: (end: keyof Point) => boolean) {
  const known = (value: number | undefined) => (value === undefined || Number.isNaN(value) ? null : value);
  const ends = [`${along}Low`, `${along}High`] as const;
  // Categories that name the series already stand in its column.
  if (axis.categories && along === 'y') return [];
  return [
    {
      head: axis.name,
      of: (point: Point) => (axis.categories ? (axis.categories[point[along]] ?? null) : known(point[along])),
    },
    ...ends.filter(has).map((end, i) => ({
      head: `${axis.name}_${i === 0 ? 'low' : 'high'}`,
      of: (point: Point) => known(point[end]),
    })),
  ];
}
