import { lstatSync, readFileSync } from 'node:fs';
import { type SourceLocation, UserError } from '../errors.ts';
import { neighbour } from '../neighbour.ts';
import { requireRegularFile } from '../regular-file.ts';
import { fileError } from '../system-errors.ts';
import { assign, isToAll, type ParametersOf, withoutUnset } from './assign.ts';
import { withIncluded } from './include.ts';
import { ReadingBudget } from './limits.ts';
import { found, type Located, type LocatedMap, listOf, merge, quoted } from './located.ts';
import { decodeText, pathBeside } from './text.ts';
import { parseYaml } from './yaml.ts';

/** An experiment file with what it extends merged in; its text is kept with the results. */
export interface SourceFile {
  readonly root: Located;
  readonly text: string;
}

/**
 * Reads a YAML file, lays it over the files that its `extends` names (later ones win, itself last), takes in the entries that
 * its lists include, then applies
 * `--set` assignments; those to all entries (`solvers.*.steps`) only where it is said what has which parameters. Top-level keys that start with `x-` are places for anchors: they are left out.
 * @throws UserError for a file that is missing, broken or too large, and for a circle of extends or includes
 */
export function readConfig(
  file: string,
  assignments: readonly string[] = [],
  parametersOf: ParametersOf | null = null,
): SourceFile {
  const budget = new ReadingBudget();
  const text = readText(file, budget);
  const included = (tree: Located) =>
    withIncluded(tree, (path, where) => parseYaml(readText(path, budget, where), path, budget));
  const whole = included(withParents(parseYaml(text, file, budget), file, [file], budget));
  const now = parametersOf ? assignments : assignments.filter((assignment) => !isToAll(assignment));
  const root = now.reduce(
    (tree, one) => included(assign(tree, one, budget, parametersOf ?? (() => []))),
    whole,
  );
  return { root, text };
}

function withParents(root: Located, _file: string, chain: readonly string[], budget: ReadingBudget): Located {
  if (root.kind !== 'map') return root;
  const parents = root.entries.get('extends');
  const own = withoutAnchors(root);
  if (!parents) return own;
  const bases = listOf(parents.value).map((node) => {
    if (node.kind !== 'scalar' || typeof node.value !== 'string') {
      throw new UserError(`extends: expected the name of a YAML file, found ${found(node)}`, node.where);
    }
    const path = pathBeside(node.where, node.value);
    if (chain.includes(path))
      throw new UserError(`extends: ${quoted(node.value)} extends this file again`, node.where);
    const text = readText(path, budget, node.where);
    return withParents(parseYaml(text, path, budget), path, [...chain, path], budget);
  });
  return withoutUnset([...bases, own].reduce(merge), own);
}

function withoutAnchors(root: LocatedMap): LocatedMap {
  const kept = [...root.entries].filter(([key]) => key !== 'extends' && !key.startsWith('x-'));
  return { ...root, entries: new Map(kept) };
}

function readText(file: string, budget: ReadingBudget, where?: SourceLocation): string {
  budget.spend('files', 1, () => where);
  try {
    if (!lstatSync(file, { throwIfNoEntry: false }))
      throw new UserError(
        `${file}: no such file${neighbour(file, (other) => /\.ya?ml$/.test(other))}`,
        where,
      );
    const { size } = requireRegularFile(file, where);
    budget.spend('bytes', size, () => where ?? { file, line: 1, column: 1 });
    return decodeText(readFileSync(file), file);
  } catch (error) {
    const known = fileError(error);
    throw known ? new UserError(known.message, where) : error;
  }
}
