import type { LocatedEntry, LocatedMap } from '../config/located.ts';
import { valueAt } from '../config/range.ts';
import { uniforms } from '../engine/random.ts';
import type { SourceLocation } from '../errors.ts';
import type { Axis, ListAxis, RangeAxis } from './axis.ts';

/**
 * The points of a search, in the order in which they are tried: the lists' combinations, the last list fastest, and for
 * each the next point of a sequence that fills the ranges evenly however early it is cut off. Ends after the last
 * combination where there is no range; else the combinations come again with other points, without end.
 * @param seed shifts the sequence in the ranges
 */
export function* pointsOf(
  axes: readonly Axis[],
  seed: number,
  where: SourceLocation,
): Generator<LocatedMap, void> {
  const lists = axes.filter((axis) => axis.kind === 'list');
  const ranges = axes.filter((axis) => axis.kind === 'range');
  const combinations = lists.reduce((product, { items }) => product * items.length, 1);
  const places = placesOf(ranges.length, seed);
  const end = ranges.length === 0 ? combinations : Number.POSITIVE_INFINITY;
  for (let n = 0; n < end; n++) {
    const drawn = ranges.map((axis, i) => entryAt(axis, places(n)[i]!));
    yield { kind: 'map', where, entries: new Map([...combination(lists, n % combinations), ...drawn]) };
  }
}

type Entry = readonly [parameter: string, LocatedEntry];

/** The n-th of all combinations. */
function combination(lists: readonly ListAxis[], n: number): Entry[] {
  let rest = n;
  return lists
    .toReversed()
    .map(({ parameter, keyWhere, items }): Entry => {
      const value = items[rest % items.length]!;
      rest = Math.floor(rest / items.length);
      return [parameter, { keyWhere, value }];
    })
    .toReversed();
}

function entryAt(axis: RangeAxis, place: number): Entry {
  const { parameter, keyWhere, where } = axis;
  return [parameter, { keyWhere, value: { kind: 'scalar', where, value: valueAt(axis, place) } }];
}

/**
 * The additive recurrence x_n = frac(s + n a), a_j = phi^-(j+1), where phi is the positive root of x^(d+1) = x + 1: for one
 * dimension the golden ratio (Kronecker sequence; Roberts, "The unreasonable effectiveness of quasirandom sequences",
 * 2018). s is drawn once.
 */
export function placesOf(dimensions: number, seed: number): (n: number) => number[] {
  let phi = 2;
  for (let i = 0; i < 60; i++) phi = (1 + phi) ** (1 / (dimensions + 1));
  const next = uniforms({ seed, role: 'sample', image: 'tuning', draw: 0 });
  const shifts = Array.from({ length: dimensions }, next);
  return (n) => shifts.map((shift, j) => (shift + n * phi ** -(j + 1)) % 1);
}
