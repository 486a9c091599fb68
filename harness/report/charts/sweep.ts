import { groupBy } from '../../group-by.ts';
import type { ChartOf } from '../../identity/chart-ref.ts';
import { ofOneDraw } from '../../identity/mean-of-draws.ts';
import { differingKeys, formatParam, formatParams } from '../../identity/param-text.ts';
import { CAPTIONED, type Method } from '../methods.ts';
import type { ChartContext } from './context.ts';
import type { Axis, Figure, Point, Series } from './figure.ts';
import { type Measure, measureAxis } from './measure.ts';
import { worthSentence } from './worth.ts';

/** The methods along one line, in the order of the parameter. */
export interface Line {
  readonly label: string;
  readonly members: readonly Method[];
}

/** A figure for each measure asked for; none where the parameter has fewer than two values. */
export function sweepFigures(context: ChartContext, ref: ChartOf<'sweep'>): Figure[] {
  const path = ref.sweep ?? ref.x;
  const dot = path.indexOf('.');
  const [solver, param] = [path.slice(0, dot), path.slice(dot + 1)];
  const [cost = null] = ref.x === path ? [] : context.measures.named(ref.x);
  return ref.y
    .flatMap((name) => context.measures.named(name))
    .flatMap((measure) => figureOf(context, ref, { solver, param, cost, measure }) ?? []);
}

interface Asked {
  readonly solver: string;
  readonly param: string;
  /** What the horizontal axis shows; null: the parameter. */
  readonly cost: Measure | null;
  readonly measure: Measure;
}

function figureOf({ table, looks }: ChartContext, ref: ChartOf<'sweep'>, asked: Asked): Figure | null {
  const { solver, param, cost, measure } = asked;
  const isShown = (method: Method) => measure.of(method) !== null && (!cost || cost.of(method) !== null);
  const shown = table.rows.map(({ method }) => method).filter(isShown);
  const swept = shown.filter((method) => method.solver === solver && Object.hasOwn(method.params, param));
  const values = [...new Set(swept.map(({ params }) => formatParam(params[param])))];
  if (values.length < 2) return null;
  const lines = linesOf(swept, param, table.priors.length > 1);
  const isDifference = ref.difference !== undefined;
  const targets = lines.map((line) => targetOf(line, param, ref.difference, table.reference));
  if (isDifference && targets.every((target) => target === null)) return null;

  const place = placesOf(swept, param, values);
  const pointOf = (method: Method, target: Method | null): Point | null => {
    const value = target ? differenceTo(measure, method, target) : measure.of(method);
    if (!value) return null;
    const y = { y: value.mean, yLow: value.low, yHigh: value.high };
    const at = formatParam(method.params[param]);
    if (!cost) return { x: place(method), ...y };
    return { x: cost.of(method)!.mean, ...y, name: at, detail: `${param}=${at}` };
  };
  const series = lines.flatMap(({ label, members }, i): Series[] => {
    const target = targets[i]!;
    if (isDifference && target === null) return [];
    const points = members.flatMap((method) => pointOf(method, target) ?? []);
    return [{ label, look: looks(members[0]!.label), line: 'solid', points, inLegend: true }];
  });
  const others = shown.filter((method) => method.solver !== solver && !method.trivial);
  const [target] = targets;
  const common = targets.every((one) => one === target) ? target! : null;
  if (!isDifference || common)
    for (const method of others) {
      const y = common ? differenceTo(measure, method, common) : measure.of(method);
      if (!y) continue;
      const look = looks(method.label);
      const own = { label: method.label, look, inLegend: true };
      series.push(
        cost
          ? { ...own, line: 'none', points: [{ ...pointOf(method, common)!, name: '', detail: '' }] }
          : { ...own, line: 'dashed', isGuide: true, points: level(y.mean) },
      );
    }
  if (isDifference)
    series.push({
      label: '0',
      look: 'muted',
      line: 'dashed',
      isGuide: true,
      points: level(0),
      inLegend: false,
    });
  const title = swept[0]!.title;
  const x: Axis = cost
    ? measureAxis(cost, ref.xAxis, false)
    : paramAxis(`${title}  ${param}`, param, swept, ref.xAxis ?? {});
  const to =
    ref.difference === 'baseline' ? (common?.label ?? '') : `${param}=${formatParam(ref.difference)}`;
  const y = measureAxis(measure, ref.yAxis);
  return {
    kind: 'sweep',
    title: `${measure.name}${isDifference ? ' difference' : ''} over ${cost ? `${cost.name} along ${param}` : param}`,
    caption: [
      `${measure.title}${isDifference ? `, paired difference to ${to},` : ''} over ${cost ? `${cost.title}; a point for each ${param}` : param}; bars are ${isDifference ? 'its own ' : ''}${intervalWords(measure)}.`,
      ...(series.some(({ isGuide, inLegend }) => isGuide && inLegend) ? ['Dashed: the other solvers.'] : []),
      ...(lines.length === 1 ? worthSentence(lines[0]!, param, measure, cost) : []),
    ].join(' '),
    height: 320,
    x,
    y: isDifference ? { ...y, title: `Δ ${y.title} to ${to}`, holds: [0] } : y,
    series,
  };
}

export function intervalWords({ isCost, ofSets }: Measure): string {
  if (isCost) return 'left out: a cost has none';
  return ofSets ? '1.96 standard errors on each side' : '95 % intervals';
}

function differenceTo(measure: Measure, method: Method, target: Method) {
  if (method === target) return { mean: 0, low: Number.NaN, high: Number.NaN };
  // Two priors differ by more than the methods.
  if (method.prior !== null && target.prior !== null && method.prior !== target.prior) return null;
  return measure.difference(method, target);
}

function targetOf(
  { members }: Line,
  param: string,
  difference: ChartOf<'sweep'>['difference'],
  reference: Method | null,
): Method | null {
  if (difference === undefined) return null;
  if (difference === 'baseline') return reference;
  return members.find(({ params }) => formatParam(params[param]) === formatParam(difference)) ?? null;
}

function level(y: number): Point[] {
  return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY].map((x) => ({ x, y }));
}

/** One line for each setting of the solver's other varying parameters. */
function linesOf(swept: readonly Method[], param: string, several: boolean): Line[] {
  const others = differingKeys(swept.map(({ params }) => ofOneDraw(params))).filter((key) => key !== param);
  const detailOf = ({ params, prior }: Method) =>
    [...(several && prior ? [prior] : []), formatParams(params, others)].filter(Boolean).join(', ');
  const lines = groupBy(swept, (method) => JSON.stringify([method.title, detailOf(method)]));
  return [...lines.values()].map((members) => {
    const [{ title }, detail] = [members[0]!, detailOf(members[0]!)];
    const name = members.every(({ captioned }) => captioned) ? `${title}${CAPTIONED}` : title;
    const byValue = [...members].sort((a, b) => compare(a.params[param], b.params[param]));
    return { label: detail ? `${name} (${detail})` : name, members: byValue };
  });
}

function compare(a: unknown, b: unknown): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : 0;
}

function isNumeric(swept: readonly Method[], param: string): boolean {
  return swept.every(({ params }) => typeof params[param] === 'number');
}

/** Numbers stand at their values, anything else at the places of a category axis. */
function placesOf(swept: readonly Method[], param: string, values: readonly string[]) {
  return isNumeric(swept, param)
    ? ({ params }: Method) => params[param] as number
    : ({ params }: Method) => values.indexOf(formatParam(params[param]));
}

function paramAxis(title: string, name: string, swept: readonly Method[], range: Axis['range']): Axis {
  const values = [...new Set(swept.map(({ params }) => params[name]))];
  const common = { title, name, digits: null, range, worse: null, isRead: false } as const;
  return isNumeric(swept, name)
    ? { ...common, mayBeLog: true, ticks: (values as number[]).sort((a, b) => a - b) }
    : { ...common, mayBeLog: false, categories: [...new Set(values.map(formatParam))] };
}
