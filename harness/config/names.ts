import { distance } from 'fastest-levenshtein';

/**
 * The half-sentence after "unknown ...": the nearest valid name when there is a plausible one, else all of them.
 * `nearest('p2ll', ['p2l', 'ldps'])` -> `did you mean "p2l"?`
 */
export function nearest(found: string, valid: Iterable<string>): string {
  const names = [...valid];
  if (names.length === 0) return 'there is none';
  const ranked = names
    .map((name) => ({ name, edits: distance(found.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits);
  const best = ranked[0]!;
  const plausible = best.edits <= Math.max(2, Math.floor(found.length / 4));
  return plausible ? `did you mean "${best.name}"?` : `expected one of ${names.join(', ')}`;
}
