import { UserError } from '../errors.ts';
import { found, type Located, type LocatedMap, listOf, quoted } from './located.ts';
import { pathBeside } from './text.ts';

/** The key of an entry that stands for those of another file. */
export const INCLUDE = 'include';

/** The keys whose lists may hold such entries. */
export const INCLUDING = ['tasks', 'solvers', 'exclude'] as const;

/** Reads a file that is included. @throws UserError at the place of its name */
type ReadFile = (path: string, where: Located['where']) => Located;

/**
 * An experiment whose lists hold the entries of the files that they include, at the place of the include. A file's name is
 * relative to the file in which it stands.
 * @throws UserError for a file that is missing, broken or no list, and for a circle of includes
 */
export function withIncluded(root: Located, read: ReadFile): Located {
  if (root.kind !== 'map') return root;
  const entries = new Map(root.entries);
  for (const key of INCLUDING) {
    const entry = entries.get(key);
    if (!entry || !listOf(entry.value).some(isInclude)) continue;
    const items = listOf(entry.value).flatMap((item) => entriesOf(item, [], read));
    entries.set(key, { ...entry, value: { kind: 'list', where: entry.value.where, items } });
  }
  return { ...root, entries };
}

function entriesOf(item: Located, chain: readonly string[], read: ReadFile): readonly Located[] {
  if (!isInclude(item)) return [item];
  const node = item.entries.get(INCLUDE)!.value;
  const other = [...item.entries].find(([key]) => key !== INCLUDE);
  if (other)
    throw new UserError(`${quoted(other[0])} stands beside include: it stands alone`, other[1].keyWhere);
  if (node.kind !== 'scalar' || typeof node.value !== 'string')
    throw new UserError(`include: expected the name of a YAML file, found ${found(node)}`, node.where);
  const path = pathBeside(node.where, node.value);
  if (chain.includes(path))
    throw new UserError(`include: ${quoted(node.value)} includes this file again`, node.where);
  const whole = read(path, node.where);
  if (whole.kind !== 'list')
    throw new UserError(`expected a list of entries to include, found ${found(whole)}`, whole.where);
  return whole.items.flatMap((inner) => entriesOf(inner, [...chain, path], read));
}

function isInclude(node: Located): node is LocatedMap {
  return node.kind === 'map' && node.entries.has(INCLUDE);
}
