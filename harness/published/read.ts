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
import { type PaperFile, paperSchema } from './schema.ts';

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
  const { root } = readConfig(file);
  if (root.kind !== 'map')
    throw new UserError(`expected a paper's figures, found ${found(root)}`, root.where);
  const paper = check(paperSchema, root, '');
  refuseStrangers(paper, root, joined);
  return paperOf(basename(file, extname(file)), paper);
}

function shipped(id: string, where?: SourceLocation): string {
  return join(FOLDER, `${lookUp(asNames(shippedPapers()), id, 'paper', where)}.yaml`);
}

/** Throws UserError for names that stand nowhere else, and rows that do not fit their columns. */
function refuseStrangers({ methods, tables, ...file }: PaperFile, root: Located, joined: Joined): void {
  const mistakes = new Mistakes();
  const look = <T>(names: ReadonlyMap<string, T>, name: string, kind: string, { where }: Located) =>
    mistakes.attempt(() => lookUp(names, name, kind, where));
  for (const [method, { solver }] of Object.entries(methods))
    if (solver !== null) look(joined.solvers, solver, 'solver', nodeAt(root, ['methods', method, 'solver']));
  const [ofMethods, ofMetrics] = [asNames(Object.keys(methods)), asNames(Object.keys(file.metrics))];
  for (const [i, { task, params, metrics, figures, notes }] of tables.entries()) {
    const at = (...path: (string | number)[]) => nodeAt(root, ['tables', i, ...path]);
    const known = task === null ? null : look(joined.tasks, task, 'task', at('task'));
    if (known)
      for (const key of Object.keys(params))
        look(new Map(Object.entries(known.params.shape)), key, `parameter of ${task}`, at('params', key));
    for (const [j, metric] of metrics.entries())
      look(ofMetrics, metric, "metric among this file's", at('metrics', j));
    for (const [method, values] of Object.entries(figures)) {
      const row = at('figures', method);
      look(ofMethods, method, "method among this file's", row);
      if (values.length !== metrics.length)
        mistakes.add(
          new UserError(
            `figures.${method}: found ${values.length} values; expected one for each of the ${metrics.length} metrics, null where there is none`,
            row.where,
          ),
        );
    }
    for (const [j, { method, metric }] of notes.entries()) {
      look(asNames(Object.keys(figures)), method, "method among this table's", at('notes', j, 'method'));
      look(asNames(metrics), metric, "metric among this table's", at('notes', j, 'metric'));
    }
  }
  mistakes.refuse();
}

function asNames(names: readonly string[]): ReadonlyMap<string, string> {
  return new Map(names.map((name) => [name, name]));
}
