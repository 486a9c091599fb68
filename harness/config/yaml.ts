import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type ParsedNode,
  parseDocument,
} from 'yaml';
import { type SourceLocation, UserError } from '../errors.ts';
import type { Located, LocatedEntry } from './located.ts';

/** Parses one YAML document. `file` is only named in places and messages. Throws UserError for broken YAML. */
export function parseYaml(text: string, file: string): Located {
  const lines = new LineCounter();
  const at = (offset: number): SourceLocation => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problem = document.errors[0];
  if (problem) throw new UserError(`broken YAML: ${problem.message.split(/[\n;]/)[0]}`, at(problem.pos[0]));

  const open = new Set<Node>();
  const convert = (node: ParsedNode | Node | null, fallback: SourceLocation): Located => {
    if (!node) return { kind: 'scalar', where: fallback, value: null };
    const where = node.range ? at(node.range[0]) : fallback;
    if (isAlias(node)) {
      const target = node.resolve(document);
      if (!target)
        throw new UserError(`alias *${node.source}: there is no anchor &${node.source} before it`, where);
      if (open.has(target)) throw new UserError(`alias *${node.source} refers to itself`, where);
      return convert(target, where);
    }
    open.add(node);
    const result = convertPlain(node, where);
    open.delete(node);
    return result;
  };
  const convertPlain = (node: Node, where: SourceLocation): Located => {
    if (isSeq<Node>(node))
      return { kind: 'list', where, items: node.items.map((item) => convert(item, where)) };
    if (isMap<Node, Node | null>(node)) {
      const entries = new Map<string, LocatedEntry>();
      for (const { key, value } of node.items) {
        const name = convert(key, where);
        if (name.kind !== 'scalar') throw new UserError('a key must be plain text', name.where);
        entries.set(String(name.value), { keyWhere: name.where, value: convert(value, name.where) });
      }
      return { kind: 'map', where, entries };
    }
    const value = isScalar(node) ? node.value : null;
    if (
      value === null ||
      typeof value === 'string' ||
      typeof value === 'number' ||
      typeof value === 'boolean'
    ) {
      return { kind: 'scalar', where, value };
    }
    throw new UserError('expected text, a number, true, false or null', where);
  };
  return convert(document.contents, at(0));
}
