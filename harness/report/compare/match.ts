import { groupBy } from '../../group-by.ts';

/** Things of two lists that belong together, and those that stand in one alone. */
export interface Matched<T> {
  readonly pairs: readonly (readonly [T, T])[];
  readonly onlyFirst: readonly T[];
  readonly onlySecond: readonly T[];
}

/**
 * Pairs what two lists have in common: by the first identity, what is left by the next, and so on. An identity that
 * several of a list share pairs none of them. Pairs come in the order of the second list.
 */
export function matchUp<T>(
  first: readonly T[],
  second: readonly T[],
  identities: readonly ((thing: T) => string)[],
): Matched<T> {
  const partners = new Map<T, T>();
  for (const identity of identities) {
    const taken = new Set(partners.values());
    const [ones, others] = [
      alone(
        first.filter((one) => !taken.has(one)),
        identity,
      ),
      alone(
        second.filter((one) => !partners.has(one)),
        identity,
      ),
    ];
    for (const [key, other] of others) {
      const one = ones.get(key);
      if (one !== undefined) partners.set(other, one);
    }
  }
  const taken = new Set(partners.values());
  return {
    pairs: second.flatMap((other) => {
      const one = partners.get(other);
      return one === undefined ? [] : [[one, other] as const];
    }),
    onlyFirst: first.filter((one) => !taken.has(one)),
    onlySecond: second.filter((other) => !partners.has(other)),
  };
}

function alone<T>(things: readonly T[], identity: (thing: T) => string): Map<string, T> {
  return new Map(
    [...groupBy(things, identity)].flatMap(([key, same]) =>
      same.length === 1 ? [[key, same[0]!] as const] : [],
    ),
  );
}
