import { UserError } from '../errors.ts';
import { MOST_LEVELS } from './limits.ts';
import { type Located, nodeAt } from './located.ts';

/**
 * Parameters as a schema made them, defaults and transforms included, must have a JSON form: keys are hashes of it.
 * @throws UserError at the first value that has none
 */
export function requirePlainValues(params: object, written: Located, label: string): void {
  const reason = (what: string, path: readonly string[]) =>
    new UserError(
      `${[label, ...path].join('.')}: found ${what}, which has no JSON form`,
      nodeAt(written, path).where,
    );
  const visit = (value: unknown, path: readonly string[]): void => {
    const what = strange(value);
    if (what !== null) throw reason(what, path);
    if (typeof value !== 'object' || value === null) return;
    if (path.length > MOST_LEVELS) throw reason('a value without an end', path.slice(0, 1));
    for (const [key, inner] of Object.entries(value)) if (inner !== undefined) visit(inner, [...path, key]);
  };
  visit(params, []);
}

/** What JSON does not know about this value itself; null: nothing. */
function strange(value: unknown): string | null {
  switch (typeof value) {
    case 'boolean':
      return null;
    case 'number':
      return Number.isFinite(value) ? null : String(value);
    case 'string':
      return /\p{Cs}/u.test(value) ? 'half a character (a lone surrogate)' : null;
    case 'object':
      return value === null || Array.isArray(value) || isPlain(value) ? null : 'an object of a class';
    default:
      return `a ${typeof value}`;
  }
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
