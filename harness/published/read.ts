import { readdirSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import type { z } from 'zod';
import { check } from '../config/check.ts';
import { lookUp } from '../config/entry.ts';
import { found, type Located, nodeAt } from '../config/located.ts';
import { Mistakes } from '../config/mistakes.ts';
import { readConfig } from '../config/read.ts';
import { type SourceLocation, UserError } from '../errors.ts';
import { PACKAGE_ROOT } from '../package-root.ts';
import { type Paper, paperOf } from './paper.ts';
import { paperSchema } from './schema.ts';

/** The names that figures are joined by. */
export interface Joined {
  readonly solvers: ReadonlyMap<string, unknown>;
  readonly tasks: ReadonlyMap<string, { readonly params: z.ZodObject }>;
}

/** Where a paper's figures stand: the id of one that ships, or the path of a file of one's own. */
export type PaperReference = string;

const FOLDER = join(PACKAGE_ROOT, 'configs/published');

/** The ids of the papers whose figures ship, in their order. */
export function shippedPapers(): string[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => basename(name, '.yaml'))
    .sort();
}

/** Whether a reference is a file of one's own. */
export function isOwnFile(reference: PaperReference): boolean {
  return ['.yaml', '.yml'].includes(extname(reference));
}

/**
 * Reads a paper's figures.
 * @param where where the reference stands, for a mistake in it
 * @throws UserError with the place of each mistake, for a name that is none, and for a file that cannot be read
 */
export function readPaper(reference: PaperReference, joined: Joined, where?: SourceLocation): Paper {
  const file = isOwnFile(reference) ? reference : shipped(reference, where);
  const root = treeOf(file, where);
  if (root.kind !== 'map')
    throw new UserError(`expected a paper's figures, found ${found(root)}`, root.where);
  const mistakes = new Mistakes();
  const paper = mistakes.attempt(() => check(paperSchema, root, ''));
  lookForStrangers(root, joined, mistakes);
  mistakes.refuse();
  return paperOf(basename(file, extname(file)), paper!);
}

/** A file that cannot be read is a mistake of the file that names it. */
function treeOf(file: string, where: SourceLocation | undefined): Located {
  try {
    return readConfig(file).root;
  } catch (error) {
    throw error instanceof UserError && !error.where ? new UserError(error.message, where) : error;
  }
}

function shipped(id: string, where?: SourceLocation): string {
  return join(FOLDER, `${lookUp(asNames(shippedPapers()), id, 'paper', where)}.yaml`);
}

/** Adds names that stand nowhere else, and rows that do not fit their columns, of whatever part can be understood by itself. */
function lookForStrangers(root: Located, joined: Joined, mistakes: Mistakes): void {
  const part = <S extends z.ZodType>(schema: S, path: readonly (string | number)[]) =>
    mistakes.attempt(() => check(schema, nodeAt(root, path), path.join('.')));
  const keysOf = (key: string) => {
    const node = nodeAt(root, [key]);
    return node !== root && node.kind === 'map' ? [...node.entries.keys()] : [];
  };
  const look = <T>(names: ReadonlyMap<string, T>, name: string, kind: string, { where }: Located) =>
    mistakes.attempt(() => lookUp(names, name, kind, where));
  const [methods, metrics] = [keysOf('methods'), keysOf('metrics')];
  for (const method of methods) {
    const solver = part(paperSchema.shape.methods.valueType, ['methods', method])?.solver ?? null;
    if (solver !== null) look(joined.solvers, solver, 'solver', nodeAt(root, ['methods', method, 'solver']));
  }
  const tables = nodeAt(root, ['tables']);
  for (const i of tables.kind === 'list' ? tables.items.keys() : []) {
    const table = part(paperSchema.shape.tables.element, ['tables', i]);
    if (!table) continue;
    const { task, params, figures, notes } = table;
    const at = (...path: (string | number)[]) => nodeAt(root, ['tables', i, ...path]);
    const known = task === null ? null : look(joined.tasks, task, 'task', at('task'));
    if (known)
      for (const key of Object.keys(params))
        look(new Map(Object.entries(known.params.shape)), key, `parameter of ${task}`, at('params', key));
    for (const [j, metric] of table.metrics.entries())
      look(asNames(metrics), metric, "metric among this file's", at('metrics', j));
    for (const [method, values] of Object.entries(figures)) {
      const row = at('figures', method);
      look(asNames(methods), method, "method among this file's", row);
      if (values.length !== table.metrics.length)
        mistakes.add(
          new UserError(
            `figures.${method}: found ${values.length} values; expected one for each of the ${table.metrics.length} metrics, null where there is none`,
            row.where,
          ),
        );
    }
    for (const [j, { method, metric }] of notes.entries()) {
      look(asNames(Object.keys(figures)), method, "method among this table's", at('notes', j, 'method'));
      look(asNames(table.metrics), metric, "metric among this table's", at('notes', j, 'metric'));
    }
  }
}

function asNames(names: readonly string[]): ReadonlyMap<string, string> {
  return new Map(names.map((name) => [name, name]));
}
