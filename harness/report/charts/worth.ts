import { formatParam } from '../../identity/param-text.ts';
import type { Difference } from '../../metrics/statistics.ts';
import type { Method } from '../methods.ts';
import { formatInterval, formatP, formatSigned } from '../numbers.ts';
import { formatValue } from './layout.ts';
import type { Measure } from './measure.ts';
import type { Line } from './sweep.ts';

/** Wilcoxon's two-sided p of fewer differences cannot fall below 0.05: it is at least 2 / 2^n. */
const FEWEST_PICTURES = 6;

/** What a sweep says of a parameter: the point from which on more is not told apart from the best. */
export interface Worth {
  readonly best: Method;
  /** The cheapest point that the best is not better than: 95 % interval beside zero and p < 0.05. */
  readonly enough: Method;
  /** Best minus enough; null where they are one. */
  readonly gain: Difference | null;
}

/** By `cost`, or in the order of the line; null where the pictures are too few to tell points apart. */
export function worthOf({ members }: Line, measure: Measure, cost: Measure | null): Worth | null {
  const measured = members.flatMap((method) => {
    const images = new Set(measure.scores(method).map(({ image }) => image)).size;
    const mean = measure.of(method)?.mean;
    return mean === undefined || images < FEWEST_PICTURES ? [] : [{ method, mean }];
  });
  if (measured.length < members.length || measured.length < 2) return null;
  const sign = measure.better === 'higher' ? 1 : -1;
  const best = measured.reduce((a, b) => (sign * b.mean > sign * a.mean ? b : a)).method;
  const price = (method: Method) => cost?.of(method)?.mean ?? Number.NaN;
  const inOrder = cost
    ? measured.map(({ method }) => method).sort((a, b) => price(a) - price(b))
    : measured.map(({ method }) => method);
  for (const enough of inOrder) {
    if (enough === best) return { best, enough, gain: null };
    const gain = measure.difference(best, enough);
    if (!gain) return null;
    const isBetter = gain.p < 0.05 && (sign > 0 ? gain.low > 0 : gain.high < 0);
    if (!isBetter) return { best, enough, gain };
  }
  return null;
}

/** The answer in words and the rule it follows from; that there is none, where pictures are too few. */
export function worthSentence(line: Line, param: string, measure: Measure, cost: Measure | null): string[] {
  if (measure.isCost || measure.ofSets) return [];
  const worth = worthOf(line, measure, cost);
  if (!worth)
    return [
      `How much ${param} is worth it cannot be said: that takes all points on the same ${FEWEST_PICTURES} pictures or more.`,
    ];
  const { best, enough, gain } = worth;
  const named = (method: Method) => `${param}=${formatParam(method.params[param])}`;
  const price = (method: Method) => {
    const value = cost?.of(method);
    return value ? ` (${formatValue(value.mean, null)} ${cost!.unit || cost!.short} a picture)` : '';
  };
  const digits = measure.digits ?? 3;
  const answer = gain
    ? `Enough: ${named(enough)}${price(enough)}. The best, ${named(best)}${price(best)}, differs from it by ${formatSigned(gain.mean, digits)} ${measure.unit} ${formatInterval(gain.low, gain.high, digits, formatSigned)}, ${formatP(gain.p)}: not told apart on ${gain.images} pictures.`
    : `Enough: ${named(best)}${price(best)}, the best; it is better than every ${cost ? 'cheaper' : 'earlier'} one.`;
  const rule = `Rule: the ${cost ? 'cheapest' : 'first'} point that the best is not better than in the paired test (interval beside zero and p < 0.05, not corrected for the number of points).`;
  return [answer.replace(/ +/g, ' '), rule];
}
