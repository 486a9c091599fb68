import { isAlias, isMap, isScalar, isSeq, type Node, Scalar, type YAMLMap } from 'yaml';
import { type SourceLocation, UserError } from '../errors.ts';
import { MOST_LEVELS, type ReadingBudget } from './limits.ts';
import { found, type Located, type LocatedEntry, quoted } from './located.ts';
import { refuseHalves } from './text.ts';

/**
 * The values of a parsed document. An alias is the value behind its anchor, made once and counted each time.
 * @param at the place of an offset into the text
 */
export function readValues(
  contents: Node | null,
  at: (offset: number) => SourceLocation,
  budget: ReadingBudget,
): Located {
  return new ValueReader(at, budget).read(contents, at(0), 0);
}

interface Anchored {
  readonly value: Located;
  /** Keys and values in it. */
  readonly size: number;
  /** Lists and mappings inside one another in it. */
  readonly levels: number;
}

class ValueReader {
  readonly #at: (offset: number) => SourceLocation;
  readonly #budget: ReadingBudget;
  /** What the latest anchor of a name stands for; null: it is being read. */
  readonly #anchors = new Map<string, Anchored | null>();
  /** The deepest level so far of the anchored value that is being read. */
  #deepest = 0;

  constructor(at: (offset: number) => SourceLocation, budget: ReadingBudget) {
    this.#at = at;
    this.#budget = budget;
  }

  read(node: Node | null, fallback: SourceLocation, level: number): Located {
    const where = node?.range ? this.#at(node.range[0]) : fallback;
    this.#budget.spend('values', 1, () => where);
    this.#descend(level, where);
    if (!node) return { kind: 'scalar', where, value: null };
    if (isAlias(node)) return this.#behind(node.source, where, level);
    const { anchor } = node as { anchor?: string };
    return anchor === undefined
      ? this.#plain(node, where, level)
      : this.#anchored(anchor, node, where, level);
  }

  #descend(level: number, where: SourceLocation): void {
    this.#deepest = Math.max(this.#deepest, level);
    if (level <= MOST_LEVELS) return;
    throw new UserError(`nested too deep: more than ${MOST_LEVELS} lists and mappings in one another`, where);
  }

  #anchored(anchor: string, node: Node, where: SourceLocation, level: number): Located {
    const [values, deepest] = [this.#budget.values, this.#deepest];
    this.#anchors.set(anchor, null);
    this.#deepest = level;
    const value = this.#plain(node, where, level);
    const levels = this.#deepest - level;
    this.#anchors.set(anchor, { value, size: this.#budget.values - values, levels });
    this.#deepest = Math.max(deepest, this.#deepest);
    return value;
  }

  #behind(name: string, where: SourceLocation, level: number): Located {
    const anchored = this.#anchors.get(name);
    if (anchored === null) throw new UserError(`alias *${name} refers to itself`, where);
    if (!anchored) throw new UserError(`alias *${name}: there is no anchor &${name} before it`, where);
    this.#budget.spend('values', anchored.size, () => where);
    this.#descend(level + anchored.levels, where);
    return anchored.value;
  }

  #plain(node: Node, where: SourceLocation, level: number): Located {
    if (isSeq<Node>(node)) {
      return { kind: 'list', where, items: node.items.map((item) => this.read(item, where, level + 1)) };
    }
    if (isMap<Node, Node | null>(node)) return this.#map(node, where, level);
    const value = isScalar(node) ? node.value : null;
    if (typeof value === 'string') refuseHalves(value, () => where);
    if (typeof value === 'number' && !Number.isFinite(value)) {
      throw new UserError(`expected a finite number, found ${isScalar(node) ? node.source : value}`, where);
    }
    if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) {
      return { kind: 'scalar', where, value: value as string | number | boolean | null };
    }
    throw new UserError('expected text, a number, true, false or null', where);
  }

  #map(node: YAMLMap<Node, Node | null>, where: SourceLocation, level: number): Located {
    const own = new Map<string, LocatedEntry>();
    const merged = new Map<string, LocatedEntry>();
    let merges: SourceLocation | null = null;
    for (const { key, value } of node.items) {
      const name = this.read(key, where, level + 1);
      const text = textOf(name, key);
      const entry = { keyWhere: name.where, value: this.read(value, name.where, level + 1) };
      const merging = isMergeKey(key);
      const first = merging ? merges : own.get(text)?.keyWhere;
      if (first) throw new UserError(`key ${quoted(text)} stands here and in line ${first.line}`, name.where);
      if (!merging) own.set(text, entry);
      else {
        merges = name.where;
        for (const [inherited, below] of entriesToMerge(entry.value)) {
          if (!merged.has(inherited)) merged.set(inherited, below);
        }
      }
    }
    // The mapping's own keys win, of several merged ones the first.
    return { kind: 'map', where, entries: new Map([...merged, ...own]) };
  }
}

/** A number or true, of which another key or value would have to guess how it is written, is no name. */
function textOf(name: Located, key: Node): string {
  if (name.kind === 'scalar' && typeof name.value === 'string') return name.value;
  const written = isScalar(key) && key.source ? `${found(name)}; write ${quoted(key.source)}` : found(name);
  throw new UserError(`a key must be text, found ${written}`, name.where);
}

/** `<<`, but not in quotes. */
function isMergeKey(key: Node): boolean {
  return isScalar(key) && key.type === Scalar.PLAIN && key.value === '<<';
}

function entriesToMerge(value: Located): (readonly [string, LocatedEntry])[] {
  const maps = value.kind === 'list' ? value.items : [value];
  return maps.flatMap((map) => {
    if (map.kind === 'map') return [...map.entries];
    throw new UserError(
      `<<: expected a mapping, or a list of mappings, to merge; found ${found(map)}`,
      map.where,
    );
  });
}
