import { shorten, visible } from '../../text/visible.ts';
import { formatFixed } from '../numbers.ts';
import type { Axis, Figure, Look, Point, Series } from './figure.ts';
import { type Extent, type Limits, limitsOf, ROBUST_RULE } from './limits.ts';

/** Characters of a label that leave room for the chart. */
const LABEL = 48;

/** A label as it is drawn: in full it stands in the chart's data. The canvas refuses NUL. */
export function drawnText(text: string): string {
  return shorten(visible(text), LABEL);
}

export interface LaidAxis extends Limits {
  readonly title: string;
  readonly isRead: boolean;
  readonly reversed: boolean;
  readonly hidden: boolean;
  readonly ticks: readonly { readonly value: number; readonly label: string }[] | null;
}

export interface LaidPoint {
  readonly x: number;
  readonly y: number;
  /** [from, to] of the intervals. */
  readonly xBar: readonly [number, number] | null;
  readonly yBar: readonly [number, number] | null;
  /** The number of a value that lies beyond the axis: written at the edge, with an arrow outwards. */
  readonly beyond: { readonly side: 'left' | 'right' | 'top' | 'bottom'; readonly text: string } | null;
  readonly name: string;
  /** Lines said on hover. */
  readonly hover: readonly string[];
}

export interface LaidSeries {
  readonly label: string;
  readonly look: Look;
  readonly line: Series['line'];
  readonly isGuide: boolean;
  readonly inLegend: boolean;
  readonly points: readonly LaidPoint[];
}

/** A figure in which every number is finite and within its axis: plain JSON, drawn alike in the page and on a canvas. */
export interface Layout {
  readonly height: number;
  readonly x: LaidAxis;
  readonly y: LaidAxis;
  readonly series: readonly LaidSeries[];
  readonly remarks: readonly { readonly x: number; readonly y: number; readonly text: string }[];
  /** What the caption must say of the axes; empty where all is on them. */
  readonly note: string;
}

export function layOut(figure: Figure): Layout {
  const x = layAxis(
    figure.x,
    figure.series.flatMap((series) => extents(series, 'x')),
  );
  const y = layAxis(
    figure.y,
    figure.series.flatMap((series) => extents(series, 'y')),
  );
  const series = figure.series.map((one): LaidSeries => {
    const { look, inLegend, isGuide = false } = one;
    const points = one.points.map((point) => layPoint(point, one, figure, x, y));
    const isLost = isGuide && points.some(({ beyond }) => beyond !== null);
    return {
      ...{ label: drawnText(one.label), look, inLegend, isGuide },
      // A level beyond the axis is no line along its edge: its number stands at the edge once.
      line: isLost ? 'none' : one.line,
      points: isLost ? points.slice(0, 1).map((point) => ({ ...point, name: drawnText(one.label) })) : points,
    };
  });
  const beyond = series.flatMap(({ points }) => points).flatMap((point) => point.beyond ?? []);
  const remarks = (figure.remarks ?? []).map((remark) => ({ ...remark, text: drawnText(remark.text) }));
  return { height: figure.height, x, y, series, remarks, note: noteOf(figure, beyond) };
}

function noteOf({ x, y }: Figure, beyond: readonly { readonly text: string }[]): string {
  if (beyond.length === 0) return '';
  const isAsked = [x.range, y.range].some(({ min, max }) => min !== undefined || max !== undefined);
  const left = isAsked ? 'beyond the limits that were asked for' : `robust axis: ${ROBUST_RULE}`;
  const why = beyond.every(({ text }) => text.endsWith('∞')) ? 'infinite' : left;
  return `${beyond.length === 1 ? 'One value is' : `${beyond.length} values are`} off the axis, at its edge with its number (${why}).`;
}

function layAxis(axis: Axis, along: readonly Extent[]): LaidAxis {
  const { title, isRead, reversed = false, hidden = false, categories, ticks } = axis;
  const at = categories
    ? categories.map((label, value) => ({ value, label: drawnText(label) }))
    : ticks?.map((value) => ({ value, label: String(value) }));
  return { ...limitsOf(along, axis), title: drawnText(title), isRead, reversed, hidden, ticks: at ?? null };
}

function extents({ points }: Series, along: 'x' | 'y'): Extent[] {
  return points.map((point) => ({
    value: point[along],
    low: point[`${along}Low`] ?? point[along],
    high: point[`${along}High`] ?? point[along],
  }));
}

function layPoint(point: Point, series: Series, figure: Figure, x: LaidAxis, y: LaidAxis): LaidPoint {
  return {
    x: clamp(point.x, x),
    y: clamp(point.y, y),
    xBar: bar(point.xLow, point.xHigh, x),
    yBar: bar(point.yLow, point.yHigh, y),
    beyond: beyondOf(point, series, figure, x, y),
    name: drawnText(point.name ?? ''),
    hover: series.isGuide ? [] : hoverOf(point, series, figure),
  };
}

function hoverOf(point: Point, { label }: Series, figure: Figure): string[] {
  const lines = [
    label,
    point.detail ?? '',
    told(figure.x, point.x, point.xLow, point.xHigh),
    told(figure.y, point.y, point.yLow, point.yHigh),
  ];
  return [...new Set(lines.filter(Boolean))].map((line) => drawnText(line));
}

function beyondOf(
  point: Point,
  { isGuide }: Series,
  figure: Figure,
  x: LaidAxis,
  y: LaidAxis,
): LaidPoint['beyond'] {
  const text = (axis: Axis, value: number) => formatValue(value, axis.digits);
  if (!(point.y >= y.min)) return { side: y.reversed ? 'top' : 'bottom', text: text(figure.y, point.y) };
  if (point.y > y.max) return { side: y.reversed ? 'bottom' : 'top', text: text(figure.y, point.y) };
  // Lines from edge to edge.
  if (isGuide && Math.abs(point.x) === Number.POSITIVE_INFINITY) return null;
  if (!(point.x >= x.min)) return { side: 'left', text: text(figure.x, point.x) };
  return point.x > x.max ? { side: 'right', text: text(figure.x, point.x) } : null;
}

function clamp(value: number, { min, max }: Limits): number {
  return value >= min ? Math.min(value, max) : min;
}

function bar(low: number | undefined, high: number | undefined, limits: Limits): [number, number] | null {
  if (low === undefined || high === undefined || !Number.isFinite(low) || !Number.isFinite(high)) return null;
  return high < limits.min || low > limits.max ? null : [clamp(low, limits), clamp(high, limits)];
}

/** `PSNR (dB) ↑: 23.17 [22.10, 24.02]`; the name alone of a category. */
function told(axis: Axis, value: number, low = Number.NaN, high = Number.NaN): string {
  if (axis.hidden) return '';
  if (axis.categories) return axis.categories[value] ?? '';
  const number = (one: number) => formatValue(one, axis.digits);
  const interval = Number.isFinite(low) && Number.isFinite(high) ? ` [${number(low)}, ${number(high)}]` : '';
  return `${axis.title}: ${number(value)}${interval}`;
}

/** A number with the axis' decimals. */
export function formatValue(value: number, digits: number | null): string {
  if (digits !== null || !Number.isFinite(value)) return formatFixed(value, digits ?? 0);
  return String(Number(value.toPrecision(4))).replace('-', '−');
}
