import { groupBy } from '../../group-by.ts';
import type { ChartOf } from '../../identity/chart-ref.ts';
import { mean, type Score } from '../../metrics/statistics.ts';
import type { Method } from '../methods.ts';
import type { ChartContext } from './context.ts';
import type { Axis, Figure, Point } from './figure.ts';
import { type Measure, measureAxis } from './measure.ts';

/** Each picture's score under one method against another's, a figure for each metric of pictures. */
export function scatterFigures(context: ChartContext, ref: ChartOf<'scatter'>): Figure[] {
  const [first, second] = ref.methods.map((name) => methodCalled(context, name));
  if (!first || !second) return [];
  return ref.y
    .flatMap((name) => context.measures.named(name))
    .flatMap((measure) => scatter(context, measure, first, second, ref) ?? []);
}

/** A row by its label or its solver; where a solver has several, the first. */
function methodCalled({ table }: ChartContext, name: string): Method | undefined {
  const methods = table.rows.map(({ method }) => method);
  return methods.find(({ label }) => label === name) ?? methods.find(({ solver }) => solver === name);
}

function scatter(
  { looks }: ChartContext,
  measure: Measure,
  first: Method,
  second: Method,
  { xAxis, yAxis }: ChartOf<'scatter'>,
): Figure | null {
  const [a, b] = [meansOf(measure.scores(first)), meansOf(measure.scores(second))];
  const points = [...a].flatMap(([image, x]): Point[] => {
    const y = b.get(image);
    return y === undefined ? [] : [{ x, y, detail: image }];
  });
  if (points.length === 0) return null;
  const better = (from: number, to: number) => (measure.better === 'higher' ? to > from : to < from);
  const won = points.filter(({ x, y }) => better(x, y)).length;
  // One range for both: the diagonal is where the two are equal.
  const holds = points.flatMap(({ x, y }) => [x, y]).filter(Number.isFinite);
  const axis = (method: Method, range: Axis['range'] = {}): Axis => ({
    ...measureAxis(measure, range),
    title: `${measure.short}, ${method.label}`,
    name: method.label,
    worse: null,
    holds,
  });
  return {
    kind: 'scatter',
    title: `${measure.name} of each picture`,
    caption: `${measure.title} of each picture, mean over its seeds: ${second.label} against ${first.label}. On the dashed line both are equal; ${second.label} is better on ${won} of ${points.length}.`,
    height: 420,
    x: axis(first, xAxis),
    y: axis(second, yAxis),
    series: [
      { label: 'pictures', look: looks(second.label), line: 'none', points, inLegend: false },
      {
        label: 'equal',
        look: 'muted',
        line: 'dashed',
        isGuide: true,
        points: [Math.min(...holds), Math.max(...holds)].map((end) => ({ x: end, y: end })),
        inLegend: false,
      },
    ],
    data: {
      head: ['picture', first.label, second.label],
      rows: points.map(({ detail, x, y }) => [detail!, x, y]),
    },
  };
}

function meansOf(scores: readonly Score[]): Map<string, number> {
  const byImage = groupBy(scores, ({ image }) => image);
  return new Map([...byImage].map(([image, own]) => [image, mean(own.map(({ value }) => value))]));
}
