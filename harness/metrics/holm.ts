/**
 * p values adjusted for there being several: at a level, those below it are rejected with at most that probability of any
 * false rejection among all (Holm, Scandinavian Journal of Statistics 6, 1979). In the order given.
 */
export function holm(values: readonly number[]): number[] {
  const ascending = [...values.keys()].sort((a, b) => values[a]! - values[b]!);
  const adjusted = new Array<number>(values.length);
  let largest = 0;
  for (const [place, index] of ascending.entries()) {
    largest = Math.max(largest, Math.min(1, (values.length - place) * values[index]!));
    adjusted[index] = largest;
  }
  return adjusted;
}
