import { placeOf, UserError } from '../errors.ts';
import { nearest } from '../names.ts';
import { found, type Located, type LocatedEntry, type LocatedMap, listOf, quoted } from './located.ts';

/** The key of a parameter mapping that names others whose lists go together. */
export const ZIP = 'zip';

/** Parameters that change together: one alone, or those that a zip names, in the order of the mapping. */
export type Axis = readonly (readonly [name: string, entry: LocatedEntry])[];

/**
 * The parameters of a mapping by what changes together. Where the schema has a parameter called zip, that is meant.
 * @throws UserError for a zip that names what is not there, or a parameter twice
 */
export function axesOf(node: LocatedMap, shape: Readonly<Record<string, unknown>>): Axis[] {
  const zip = Object.hasOwn(shape, ZIP) ? undefined : node.entries.get(ZIP);
  if (!zip) return [...node.entries].map((parameter) => [parameter]);
  const parameters = new Map([...node.entries].filter(([name]) => name !== ZIP));
  const groupOf = new Map<string, Set<string>>();
  for (const names of groupsIn(zip.value)) {
    const group = new Set<string>();
    for (const node of names) {
      const name = nameIn(node, parameters);
      if (groupOf.has(name)) throw new UserError(`zip: ${quoted(name)} stands in it twice`, node.where);
      group.add(name);
      groupOf.set(name, group);
    }
  }
  const placed = new Set<Set<string>>();
  return [...parameters].flatMap((parameter) => {
    const group = groupOf.get(parameter[0]);
    if (!group) return [[parameter]];
    if (placed.has(group)) return [];
    placed.add(group);
    return [[...parameters].filter(([name]) => group.has(name))];
  });
}

/** `[steps, omega]` is one group, `[[steps, omega], [eta, zeta]]` two. */
function groupsIn(zip: Located): (readonly Located[])[] {
  const items = listOf(zip);
  const groups = items.length > 0 && items.every(({ kind }) => kind === 'list') ? items : [zip];
  return groups.map((group) => {
    if (group.kind === 'list' && group.items.length > 1) return group.items;
    const what = group.kind === 'list' && group.items.length === 1 ? 'one alone' : found(group);
    throw new UserError(`zip: expected names of parameters that go together, found ${what}`, group.where);
  });
}

function nameIn(node: Located, parameters: ReadonlyMap<string, unknown>): string {
  if (node.kind !== 'scalar' || typeof node.value !== 'string')
    throw new UserError(`zip: expected the name of a parameter, found ${found(node)}`, node.where);
  if (parameters.has(node.value)) return node.value;
  throw new UserError(
    `zip: no parameter ${quoted(node.value)} stands beside it: ${nearest(node.value, parameters.keys())}`,
    node.where,
  );
}

/** Throws UserError unless parameters that go together have as many values each. */
export function refuseUnequal(axis: Axis, counts: readonly number[]): void {
  const other = counts.findIndex((count) => count !== counts[0]);
  if (other === -1) return;
  const [first, odd] = [axis[0]!, axis[other]!];
  throw new UserError(
    `zip: expected as many values of each, found ${counts[other]} of ${odd[0]} and ${counts[0]} of ${first[0]} (${placeOf(first[1].value.where)})`,
    odd[1].value.where,
  );
}
