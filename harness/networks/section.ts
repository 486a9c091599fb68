import { UserError } from '../errors.ts';
import { listed, shown } from './shown.ts';

/** The tensors whose names begin with `prefix.`, named without it. */
export function named<T>(prefix: string, tensors: ReadonlyMap<string, T>): Map<string, T> {
  const start = `${prefix}.`;
  return new Map(
    [...tensors]
      .filter(([name]) => name.startsWith(start) && name.length > start.length)
      .map(([name, tensor]) => [name.slice(start.length), tensor]),
  );
}

/** The same; throws UserError where there are none, with the beginnings that there are. */
export function tensorsUnder<T>(
  section: string,
  tensors: ReadonlyMap<string, T>,
  path: string,
): Map<string, T> {
  const found = named(section, tensors);
  if (found.size > 0) return found;
  const beginnings = [...new Set([...tensors.keys()].map((name) => `'${name.split('.', 1)[0]}.'`))];
  throw new UserError(
    `${path}: section: no tensor's name begins with '${shown(section)}.'; they begin with ${listed(beginnings)}`,
  );
}
