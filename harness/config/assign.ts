import { BESIDE_SOLVERS } from '../beside-names.ts';
import { type SourceLocation, UserError } from '../errors.ts';
import { nearest } from '../names.ts';
import { MOST_LEVELS, type ReadingBudget } from './limits.ts';
import { found, type Located, type LocatedMap, listOf, quoted } from './located.ts';
import { parseYaml } from './yaml.ts';

/** Keys whose lists hold entries with a name each. */
const NAMED = ['solvers', 'tasks'] as const;
type Section = (typeof NAMED)[number];

/** The parameters that something has, for `solvers.*.steps`. */
export type ParametersOf = (section: Section, name: string) => readonly string[];

/** Whether an assignment is to all entries that have a parameter: which ones, only the registries know. */
export function isToAll(assignment: string): boolean {
  return NAMED.some((section) => assignment.startsWith(`${section}.*.`));
}

/** Sections whose keys have defaults: no value takes an inherited one away. */
const SECTIONS = ['data', 'report', 'tune'];

/**
 * `data.count=4`, `solvers.p2l.steps=[10, 20]` of every p2l, `solvers.*.steps=3` of every solver that has steps,
 * `solvers.0.p2l.steps=3` of the first entry, `report=null` for none. The value is YAML.
 * @throws UserError for a path that leads nowhere, with the place `--set`
 */
export function assign(
  root: Located,
  assignment: string,
  budget: ReadingBudget,
  parametersOf: ParametersOf,
): Located {
  const split = assignment.indexOf('=');
  if (split < 1) throw new UserError(`--set ${assignment}: expected key=value`);
  const where: SourceLocation = { file: '--set', line: 1, column: 1 };
  budget.spend('assignments', 1, () => where);
  budget.spend('bytes', assignment.length, () => where);
  const value = valueIn(assignment.slice(split + 1), where, budget);
  const path = assignment.slice(0, split).split('.');
  if (path.length > MOST_LEVELS) throw new UserError(`a key of more than ${MOST_LEVELS} parts`, where);
  const [section, name, ...rest] = path;
  if (root.kind === 'map' && isSection(section) && name !== undefined && !/^\d+$/.test(name))
    return assignByName(root, section, name, rest, { value, where, parametersOf });
  return isUnset(path, value) ? without(root, path) : assignAt(root, path, value, where);
}

function valueIn(text: string, where: SourceLocation, budget: ReadingBudget): Located {
  if (text.trim() === '')
    throw new UserError('expected a value after "=", found nothing; null takes the key away', where);
  try {
    return parseYaml(text, where.file, budget);
  } catch (error) {
    if (!(error instanceof UserError) || !UNSPACED.test(text)) throw error;
    throw new UserError(`${error.message}; YAML has a space after ":", as in { key: value }`);
  }
}

/** A key in braces whose colon touches its value. */
const UNSPACED = /[{,]\s*[\w.-]+:[^\s,}]/;

function isSection(key: string | undefined): key is Section {
  return NAMED.some((section) => section === key);
}

interface Assigned {
  readonly value: Located;
  readonly where: SourceLocation;
  readonly parametersOf: ParametersOf;
}

function assignByName(
  root: LocatedMap,
  section: Section,
  name: string,
  rest: readonly string[],
  { value, where, parametersOf }: Assigned,
): Located {
  const node = root.entries.get(section)?.value;
  const items = node ? listOf(node) : [];
  const [parameter] = rest;
  if (name === '*' && parameter === undefined)
    throw new UserError(`${section}.*: expected a parameter, as in ${section}.*.steps=50`, where);
  const names = items.flatMap(namesOf);
  const meant = (own: string) =>
    name === '*' ? parametersOf(section, own).includes(parameter!) : own === name;
  if (!names.some(meant)) {
    const [text, among] =
      name === '*'
        ? [
            `no entry of ${section} has ${quoted(parameter!)}`,
            names.flatMap((own) => parametersOf(section, own)),
          ]
        : [`no entry of ${section} is ${quoted(name)}`, names];
    throw new UserError(`${text}: ${nearest(name === '*' ? parameter! : name, new Set(among))}`, where);
  }
  // What stands beside the name, as a label, where it is no parameter; all else is of its parameters.
  const isBeside = section === 'solvers' && BESIDE_SOLVERS.includes(parameter ?? '');
  const pathOf = (own: string) =>
    rest.length === 1 && isBeside && !parametersOf(section, own).includes(parameter!) ? rest : [own, ...rest];
  const assigned = items.map((item) =>
    namesOf(item)
      .filter(meant)
      .reduce((entry, own) => assignAt(asMap(entry), pathOf(own), value, where), item),
  );
  const entries = new Map(root.entries);
  entries.set(section, {
    keyWhere: root.entries.get(section)!.keyWhere,
    value: { kind: 'list', where: node!.where, items: assigned },
  });
  return { ...root, entries };
}

/** What an entry may be called: a name alone, or its keys. */
function namesOf(item: Located): string[] {
  if (item.kind === 'map') return [...item.entries.keys()];
  return item.kind === 'scalar' && typeof item.value === 'string' ? [item.value] : [];
}

/** `ldps` as `{ ldps: }`. */
function asMap(item: Located): Located {
  if (item.kind !== 'scalar' || typeof item.value !== 'string') return item;
  const nothing: Located = { kind: 'scalar', where: item.where, value: null };
  return {
    kind: 'map',
    where: item.where,
    entries: new Map([[item.value, { keyWhere: item.where, value: nothing }]]),
  };
}

function isUnset(path: readonly string[], value: Located): boolean {
  const isNothing = value.kind === 'scalar' && value.value === null;
  return isNothing && (path.length === 1 || (path.length === 2 && SECTIONS.includes(path[0]!)));
}

function without(node: Located, [key, ...rest]: readonly string[]): Located {
  if (node.kind !== 'map' || key === undefined) return node;
  const entries = new Map(node.entries);
  const entry = entries.get(key);
  if (rest.length === 0) entries.delete(key);
  else if (entry) entries.set(key, { ...entry, value: without(entry.value, rest) });
  return { ...node, entries };
}

/** A file laid over what it extends: a key without a value takes the inherited one away. */
export function withoutUnset(whole: Located, own: LocatedMap): Located {
  const paths = [...own.entries].flatMap(([key, { value }]) => [
    [key],
    ...(SECTIONS.includes(key) && value.kind === 'map' ? [...value.entries.keys()].map((k) => [key, k]) : []),
  ]);
  return paths.reduce((tree, path) => {
    const value = path.reduce<Located | undefined>(
      (node, key) => (node?.kind === 'map' ? node.entries.get(key)?.value : undefined),
      own,
    );
    return value && isUnset(path, value) ? without(tree, path) : tree;
  }, whole);
}

function assignAt(node: Located, path: readonly string[], value: Located, where: SourceLocation): Located {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (node.kind === 'list') {
    if (isAlternatives(node.items) && !/^\d+$/.test(key))
      return { ...node, items: node.items.map((item) => assignAt(item, path, value, where)) };
    const index = /^\d+$/.test(key) ? Number(key) : -1;
    if (!node.items[index]) {
      throw new UserError(
        `${quoted(key)} is not an entry of this list: expected 0 to ${node.items.length - 1}`,
        where,
      );
    }
    return {
      ...node,
      items: node.items.map((item, i) => (i === index ? assignAt(item, rest, value, where) : item)),
    };
  }
  if (node.kind === 'scalar' && node.value !== null) {
    if (rest.length > 0 && node.value === key) return assignAt(asMap(node), path, value, where);
    throw new UserError(`${quoted(key)} cannot be set inside ${found(node)}`, where);
  }
  const entries = new Map(node.kind === 'map' ? node.entries : []);
  const inner = entries.get(key)?.value ?? { kind: 'map', where, entries: new Map() };
  entries.set(key, { keyWhere: where, value: assignAt(inner, rest, value, where) });
  return { kind: 'map', where: node.where, entries };
}

/** Alternatives of parameters: what is set is set in each. */
function isAlternatives(items: readonly Located[]): boolean {
  return items.length > 0 && items.every(({ kind }) => kind === 'map');
}
