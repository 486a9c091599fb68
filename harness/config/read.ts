import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { type SourceLocation, UserError } from '../errors.ts';
import { found, type Located, listOf, merge } from './located.ts';
import { nearest } from './names.ts';
import { parseYaml } from './yaml.ts';

/** An experiment file with what it extends merged in; its text is kept with the results. */
export interface SourceFile {
  readonly root: Located;
  readonly text: string;
}

/**
 * Reads a YAML file, lays it over the files that its `extends` names (later ones win, itself last), then applies
 * `--set` assignments. Throws UserError for a missing file, broken YAML or a circle of extends.
 */
export function readConfig(file: string, assignments: readonly string[] = []): SourceFile {
  const text = readText(file);
  const root = assignments.reduce(assign, withParents(parseYaml(text, file), file, [file]));
  return { root, text };
}

function withParents(root: Located, file: string, chain: readonly string[]): Located {
  const parents = root.kind === 'map' ? root.entries.get('extends') : undefined;
  if (root.kind !== 'map' || !parents) return root;
  const entries = new Map(root.entries);
  entries.delete('extends');
  const own: Located = { ...root, entries };
  const bases = listOf(parents.value).map((node) => {
    if (node.kind !== 'scalar' || typeof node.value !== 'string') {
      throw new UserError(`extends: expected the name of a YAML file, found ${found(node)}`, node.where);
    }
    const path = isAbsolute(node.value) ? node.value : join(dirname(file), node.value);
    if (chain.includes(path))
      throw new UserError(`extends: "${node.value}" extends this file again`, node.where);
    return withParents(parseYaml(readText(path, node.where), path), path, [...chain, path]);
  });
  return [...bases, own].reduce(merge);
}

function readText(file: string, where?: SourceLocation): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const reason =
      code === 'ENOENT'
        ? 'no such file'
        : code === 'EISDIR'
          ? 'is a folder, not a file'
          : `cannot be read (${code})`;
    throw new UserError(`${file}: ${reason}${code === 'ENOENT' ? neighbour(file) : ''}`, where);
  }
}

/** The hint that a mistyped file name deserves: the nearest YAML file of the same folder, if any is near. */
function neighbour(file: string): string {
  const folder = dirname(file);
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => /\.ya?ml$/.test(name)) : [];
  const hint = nearest(basename(file), names);
  return hint.startsWith('did you mean') ? `; ${hint}` : '';
}

/** `data.count=4` or `solvers.0.p2l.steps=[10, 20]`: the value is YAML, a number in the path counts list entries from 0. */
function assign(root: Located, assignment: string): Located {
  const split = assignment.indexOf('=');
  if (split < 1) throw new UserError(`--set ${assignment}: expected key=value`);
  const where: SourceLocation = { file: '--set', line: 1, column: 1 };
  const value = parseYaml(assignment.slice(split + 1), where.file);
  return assignAt(root, assignment.slice(0, split).split('.'), value, where);
}

function assignAt(node: Located, path: readonly string[], value: Located, where: SourceLocation): Located {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (node.kind === 'list') {
    const index = Number(key);
    if (!(index in node.items)) {
      throw new UserError(
        `"${key}" is not an entry of this list: expected 0 to ${node.items.length - 1}`,
        where,
      );
    }
    return {
      ...node,
      items: node.items.map((item, i) => (i === index ? assignAt(item, rest, value, where) : item)),
    };
  }
  if (node.kind === 'scalar' && node.value !== null) {
    throw new UserError(`"${key}" cannot be set inside ${found(node)}`, where);
  }
  const entries = new Map(node.kind === 'map' ? node.entries : []);
  const inner = entries.get(key)?.value ?? { kind: 'map', where, entries: new Map() };
  entries.set(key, { keyWhere: where, value: assignAt(inner, rest, value, where) });
  return { kind: 'map', where: node.where, entries };
}
