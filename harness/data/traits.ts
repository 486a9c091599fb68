import { UserError } from '../errors.ts';
import { nearest } from '../names.ts';
import type { PaintedTraits, Traits } from './dataset.ts';

/** @throws UserError for a trait, or a value of one, that the set has not */
export function requireTraits(set: string, values: PaintedTraits['values'], change: Traits): void {
  const mistake = strangeTrait(set, values, change);
  if (mistake) throw new UserError(mistake.message);
}

/** The first trait, or value of one, that the set has not; null: it has all. */
export function strangeTrait(
  set: string,
  values: PaintedTraits['values'],
  change: Traits,
): { readonly trait: string; readonly of: 'name' | 'value'; readonly message: string } | null {
  for (const [trait, value] of Object.entries(change)) {
    const known = Object.hasOwn(values, trait) ? values[trait]! : null;
    if (!known)
      return {
        trait,
        of: 'name',
        message: `unknown trait "${trait}" of ${set}: ${nearest(trait, Object.keys(values))}`,
      };
    if (!known.includes(value))
      return {
        trait,
        of: 'value',
        message: `unknown value "${value}" of the trait ${trait}: ${nearest(value, known)}`,
      };
  }
  return null;
}
