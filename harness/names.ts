import { distance } from 'fastest-levenshtein';

const COMPARED = 1000;

/** The valid name that was probably meant; null where none is near. */
export function nearestName(found: string, valid: Iterable<string>): string | null {
  // Comparing costs the product of the lengths; nothing so long is a mistyped name.
  if (found.length > COMPARED) return null;
  // A solver is called ddnm-plus where its paper, and a person, writes DDNM+.
  const spelt = found.toLowerCase().replaceAll('+', '-plus');
  // Of names equally near, the one of the same letters: two that have changed places are one slip, and count as two edits.
  const edits = (name: string) =>
    distance(spelt, name.toLowerCase()) - (sorted(spelt) === sorted(name) ? 0.5 : 0);
  const names = [...valid];
  const [best] = names.map((name) => ({ name, edits: edits(name) })).sort((a, b) => a.edits - b.edits);
  if (best && best.edits <= Math.max(2, Math.floor(found.length / 4))) return best.name;
  return names.find((name) => isBeginning(spelt, name.toLowerCase())) ?? null;
}

function sorted(text: string): string {
  return [...text.toLowerCase()].sort().join('');
}

/** A beginning that stands for a name of several words: superres of super-resolution, and, mistyped, dsp of dps-2023. */
function isBeginning(found: string, name: string): boolean {
  const letters = (text: string) => text.replace(/[^a-z0-9]/g, '');
  const [first, ...others] = name.split('-');
  if (found.length < 3 || others.length === 0) return false;
  return letters(name).startsWith(letters(found)) || sorted(first!) === sorted(found);
}

/**
 * The half-sentence after "unknown ...": the nearest valid name when there is a plausible one, else all of them.
 * `nearest('p2ll', ['p2l', 'ldps'])` -> `did you mean "p2l"?`
 */
export function nearest(found: string, valid: Iterable<string>): string {
  const names = [...valid];
  if (names.length === 0) return 'there is none';
  const name = nearestName(found, names);
  return name === null ? `expected one of ${listed(names)}` : `did you mean "${name}"?`;
}

/** More names than anyone reads in one line. */
const LISTED = 40;

function listed(names: readonly string[]): string {
  if (names.length <= LISTED) return names.join(', ');
  return `${names.slice(0, LISTED).join(', ')}, ... (${names.length} in all)`;
}
