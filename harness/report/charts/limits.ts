import type { AxisRange } from '../../identity/chart-ref.ts';
import type { Axis } from './figure.ts';

/** A value along an axis with its interval, in the axis' units. */
export interface Extent {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface Limits {
  readonly min: number;
  readonly max: number;
  readonly log: boolean;
}

/** Ratio of largest to smallest value from which a positive axis is logarithmic by itself. */
const LOG_FROM = 50;
/** Air beside the outermost values, as a part of the axis. */
const AIR = 0.06;

/** How failures leave an axis, in a caption's words. */
export const ROBUST_RULE =
  'values on the worse side are left out of an axis that is a fifth as long without them, at most one in four';

/** Where an axis begins and ends: as asked, else so that it holds all values but those that would flatten the rest. */
export function limitsOf(extents: readonly Extent[], axis: Axis): Limits {
  const { range, holds = [], categories } = axis;
  if (categories) return { min: -0.5, max: Math.max(categories.length, 1) - 0.5, log: false };
  const values = extents.map(({ value }) => value).filter(Number.isFinite);
  const log = range.log ?? (axis.mayBeLog && isWide(values));
  const scaled = extents
    .filter(({ value }) => Number.isFinite(value) && (!log || value > 0))
    .map((extent) => scale(extent, log));
  const kept = axis.worse === null ? scaled : withoutFailures(scaled, axis.worse);
  const fixed = holds.filter((value) => !log || value > 0).map((value) => (log ? Math.log10(value) : value));
  const low = Math.min(...kept.map((extent) => extent.low), ...fixed);
  const high = Math.max(...kept.map((extent) => extent.high), ...fixed);
  const [from, to] = low <= high ? [low, high] : [0, 1];
  const air = (to - from || Math.abs(to) || 1) * AIR;
  const back = (value: number) => (log ? 10 ** value : value);
  return ordered({ min: range.min ?? back(from - air), max: range.max ?? back(to + air), log }, range);
}

/** One given limit may lie beyond all values: the other one then keeps clear of it. */
function ordered({ min, max, log }: Limits, range: AxisRange): Limits {
  const clear = log ? (range.min === undefined ? max / 10 : min * 10) : undefined;
  if (min < max) return { min: log && min <= 0 ? max / 1000 : min, max, log };
  if (range.min === undefined) return { min: clear ?? max - 1, max, log };
  return { min, max: clear ?? min + 1, log };
}

function isWide(values: readonly number[]): boolean {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low > 0 && high / low >= LOG_FROM;
}

function scale({ value, low, high }: Extent, log: boolean): Extent {
  const known = (end: number) => (Number.isFinite(end) && (!log || end > 0) ? end : value);
  const [a, b, c] = [value, known(low), known(high)];
  return log
    ? { value: Math.log10(a), low: Math.log10(b), high: Math.log10(c) }
    : { value: a, low: b, high: c };
}

/** The rule of ROBUST_RULE: of the ways to leave values out, the one with the fewest. */
function withoutFailures(extents: readonly Extent[], worse: 'low' | 'high'): readonly Extent[] {
  const fromWorst = [...extents].sort((a, b) => (worse === 'low' ? a.value - b.value : b.value - a.value));
  const whole = span(fromWorst);
  for (let left = 1; left <= extents.length / 4; left++) {
    const rest = fromWorst.slice(left);
    if (span(rest) > 0 && span(rest) <= whole / 5) return rest;
  }
  return extents;
}

function span(extents: readonly Extent[]): number {
  return Math.max(...extents.map(({ high }) => high)) - Math.min(...extents.map(({ low }) => low));
}
