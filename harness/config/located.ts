import type { SourceLocation } from '../errors.ts';

/** YAML data in which every value, and every key of a mapping, still knows the place it came from. */
export type Located = LocatedScalar | LocatedList | LocatedMap;

export interface LocatedScalar {
  readonly kind: 'scalar';
  readonly where: SourceLocation;
  readonly value: string | number | boolean | null;
}

export interface LocatedList {
  readonly kind: 'list';
  readonly where: SourceLocation;
  readonly items: readonly Located[];
}

export interface LocatedMap {
  readonly kind: 'map';
  readonly where: SourceLocation;
  readonly entries: ReadonlyMap<string, LocatedEntry>;
}

export interface LocatedEntry {
  readonly keyWhere: SourceLocation;
  readonly value: Located;
}

/** The plain JavaScript value, without places. */
export function plain(node: Located): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plain);
  return Object.fromEntries([...node.entries].map(([key, { value }]) => [key, plain(value)]));
}

/** What a person reads after "found": the value itself where it is short. */
export function found(node: Located): string {
  if (node.kind === 'list') return node.items.length === 0 ? 'an empty list' : 'a list';
  if (node.kind === 'map') return node.entries.size === 0 ? 'an empty mapping' : 'a mapping';
  if (node.value === null) return 'nothing';
  return typeof node.value === 'string' ? quoted(node.value) : String(node.value);
}

/** Text in quotes for one line of a message, cut where it is long. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > QUOTED ? `${text.slice(0, QUOTED)}...` : text);
}

const QUOTED = 80;

/** `over` laid on `base`: mappings merge key by key, anything else is replaced. */
export function merge(base: Located, over: Located): Located {
  if (base.kind !== 'map' || over.kind !== 'map') return over;
  const entries = new Map(base.entries);
  for (const [key, entry] of over.entries) {
    const below = entries.get(key);
    entries.set(key, below ? { keyWhere: entry.keyWhere, value: merge(below.value, entry.value) } : entry);
  }
  return { kind: 'map', where: over.where, entries };
}

/** A place where a list is meant may hold one value alone. */
export function listOf(node: Located): readonly Located[] {
  return node.kind === 'list' ? node.items : [node];
}

/** A mapping in which these keys, which mean lists, hold lists where they hold one value alone. */
export function singleValuesAsLists(root: LocatedMap, names: readonly string[]): LocatedMap {
  const entries = new Map(root.entries);
  for (const name of names) {
    const entry = entries.get(name);
    if (!entry || entry.value.kind === 'list') continue;
    entries.set(name, { ...entry, value: { kind: 'list', where: entry.value.where, items: [entry.value] } });
  }
  return { ...root, entries };
}

/** The value at a path, or the deepest one on the way that exists (a default stands nowhere in the file). */
export function nodeAt(root: Located, path: readonly (string | number)[]): Located {
  const [step, ...rest] = path;
  if (step === undefined) return root;
  const next =
    root.kind === 'map'
      ? root.entries.get(String(step))?.value
      : root.kind === 'list'
        ? root.items[Number(step)]
        : undefined;
  return next ? nodeAt(next, rest) : root;
}
