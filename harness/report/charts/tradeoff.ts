import type { ChartOf } from '../../identity/chart-ref.ts';
import type { Method } from '../methods.ts';
import type { ChartContext } from './context.ts';
import type { Figure, Point, Series } from './figure.ts';
import { type Measure, measureAxis } from './measure.ts';
import { intervalWords } from './sweep.ts';

/** Distances to the truth pixel by pixel, and distances between how pictures look (Blau and Michaeli 2018, section 2). */
const DISTORTION = ['psnr', 'ssim'];
const PERCEPTION = ['fid', 'kid', 'fid-infinity', 'lpips', 'fid-toy', 'lpips-toy'];

/** Quality against cost, a figure for each measure. */
export function paretoFigures(context: ChartContext, ref: ChartOf<'pareto'>): Figure[] {
  return pairsOf(context, ref).flatMap(([x, y]) => tradeoff(context, x, y, ref) ?? []);
}

/** The perception-distortion plane. */
export function planeFigures(context: ChartContext, ref: ChartOf<'plane'>): Figure[] {
  return pairsOf(context, ref).flatMap(([x, y]) => tradeoff(context, x, y, ref) ?? []);
}

/** The plane of a table that has a distortion and a perception metric: of the first of each. */
export function usualPlane({ measures }: ChartContext): ChartOf<'plane'> | null {
  const first = (names: readonly string[]) =>
    names.find((name) => measures.columns.some((measure) => measure.name === name));
  const [x, y] = [first(DISTORTION), first(PERCEPTION)];
  return x && y ? { kind: 'plane', x, y: [y] } : null;
}

function pairsOf(
  { measures }: ChartContext,
  ref: ChartOf<'pareto' | 'plane'>,
): (readonly [Measure, Measure])[] {
  return measures
    .named(ref.x)
    .flatMap((x) => ref.y.flatMap((name) => measures.named(name)).map((y) => [x, y] as const));
}

/** A point on the two axes, in what is better of each. */
interface Placed {
  readonly method: Method;
  readonly point: Point;
}

/** The points that no other one beats or equals on one axis and beats on the other, from left to right. */
export function paretoFront<T extends { readonly point: { readonly x: number; readonly y: number } }>(
  placed: readonly T[],
  better: { readonly x: 'higher' | 'lower'; readonly y: 'higher' | 'lower' },
): T[] {
  const gain = ({ point }: T, axis: 'x' | 'y') => (better[axis] === 'higher' ? point[axis] : -point[axis]);
  const isBeaten = (one: T) =>
    placed.some((other) => {
      const [dx, dy] = [gain(other, 'x') - gain(one, 'x'), gain(other, 'y') - gain(one, 'y')];
      return dx >= 0 && dy >= 0 && dx + dy > 0;
    });
  return placed.filter((one) => !isBeaten(one)).sort((a, b) => a.point.x - b.point.x);
}

/** Null where fewer than two methods have both numbers: there is nothing to compare. */
function tradeoff(
  { table, looks }: ChartContext,
  x: Measure,
  y: Measure,
  { kind, xAxis, yAxis }: ChartOf<'pareto' | 'plane'>,
): Figure | null {
  const placed = table.rows.flatMap(({ method }): Placed[] => {
    const [a, b] = [x.of(method), y.of(method)];
    if (!a || !b || Number.isNaN(a.mean) || Number.isNaN(b.mean)) return [];
    const point = { x: a.mean, xLow: a.low, xHigh: a.high, y: b.mean, yLow: b.low, yHigh: b.high };
    return [{ method, point }];
  });
  if (placed.length < 2) return null;
  const finite = placed.filter(({ point }) => Number.isFinite(point.x) && Number.isFinite(point.y));
  const front = paretoFront(finite, { x: x.better, y: y.better });
  const series = placed.map(
    ({ method: { label }, point }): Series => ({
      label,
      look: looks(label),
      line: 'none',
      points: [point],
      inLegend: true,
    }),
  );
  if (front.length > 1)
    series.push({
      label: 'Pareto front',
      look: 'muted',
      line: 'dashed',
      isGuide: true,
      points: front.map(({ point }) => ({ x: point.x, y: point.y })),
      inLegend: true,
    });
  const names = front.map(({ method }) => method.label).join(', ');
  const what = kind === 'plane' ? 'perception-distortion plane' : 'quality against cost';
  return {
    kind,
    title: `${y.name} against ${x.name}`,
    caption: `${y.title} against ${x.title}: ${what}. Bars are ${intervalWords(y)}. On the Pareto front, by their means (no other method is at least as good on both axes and better on one): ${names}.`,
    height: 320 + 12 * Math.max(0, placed.length - 6),
    x: measureAxis(x, xAxis),
    y: measureAxis(y, yAxis),
    series,
  };
}
