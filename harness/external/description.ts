import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { check } from '../config/check.ts';
import { found, type Located, type LocatedMap, nodeAt, quoted } from '../config/located.ts';
import { UserError } from '../errors.ts';
import { REQUIREMENTS } from '../solvers/solver.ts';
import { requireCommand } from './command.ts';
import { EXTERNAL_KINDS } from './kinds.ts';
import { type Declarations, type DescribedParameters, readParameters } from './parameters.ts';

const NUMBERS: ReadonlySet<string> = new Set(['number', 'integer', 'steps']);
const text = z.string().min(1);
const texts = z.array(text);

/** The keys of a description; what `params` holds is read by itself. */
const keys = z.strictObject({
  name: text.describe('What experiments and reports call it.'),
  title: text.optional().describe('As its paper writes it.'),
  version: z
    .int()
    .min(1)
    .default(1)
    .describe('Raised when the same files and parameters give other numbers.'),
  solves: z
    .enum(EXTERNAL_KINDS)
    .default('restore')
    .describe('What it does: the kind of the tasks that it runs on.'),
  paper: text.default('no citation given').describe('Whom to cite.'),
  requires: z
    .array(z.enum(REQUIREMENTS))
    .default([])
    .describe('Parts of the prior and the operator that it needs.'),
  command: texts.min(1).describe('The program and its arguments, run in the folder of this file.'),
  files: texts.default([]).describe('Files that its numbers depend on, beside those that the command names.'),
  passes: z
    .union([z.int().min(0), text])
    .optional()
    .describe("Forward passes of the network an image: a number, or a parameter's name; by default steps."),
  params: z.unknown().optional().describe('Its parameters.'),
});

/** A method that is a program of its own, in plain JSON: what a plan keeps of it. */
export interface External extends Omit<z.infer<typeof keys>, 'params'> {
  /** Absolute path of the file in which it stands: its program runs in that folder, which has its files. */
  readonly file: string;
  readonly params: Declarations;
}

/** @throws UserError at the first mistake, and at a file or program that is not there */
export function readDescription(node: Located): External {
  const tree = listsOf(node, ['requires', 'command', 'files']);
  const { params: _, ...said } = check(keys, tree, 'external');
  const file = resolve(node.where.file);
  const folder = dirname(file);
  for (const [i, name] of said.files.entries())
    if (!existsSync(join(folder, name)))
      throw new UserError(`files: no file ${name} in ${folder}`, nodeAt(tree, ['files', i]).where);
  const { declared } = parametersIn(node);
  refuseUnknownPasses(said.passes, declared, nodeAt(tree, ['passes']));
  requireCommand(said.command, folder, nodeAt(tree, ['command']));
  return { ...said, file, params: declared };
}

/** The values of its parameters that stand in a description: a grid, as it stands beside a solver's name. */
export function valuesIn(node: Located): LocatedMap {
  return parametersIn(node).values;
}

function parametersIn(node: Located): DescribedParameters {
  const params = node.kind === 'map' ? node.entries.get('params')?.value : undefined;
  return readParameters(params ?? { kind: 'map', where: node.where, entries: new Map() });
}

/** One value where a list is meant is a list of it. */
function listsOf(node: Located, names: readonly string[]): Located {
  if (node.kind !== 'map')
    throw new UserError(`external: expected a mapping, found ${found(node)}`, node.where);
  const entries = new Map(node.entries);
  for (const name of names) {
    const entry = entries.get(name);
    if (entry?.value.kind === 'scalar')
      entries.set(name, {
        ...entry,
        value: { kind: 'list', where: entry.value.where, items: [entry.value] },
      });
  }
  return { ...node, entries };
}

function refuseUnknownPasses(passes: External['passes'], declared: Declarations, { where }: Located): void {
  if (typeof passes !== 'string') return;
  const numbers = Object.keys(declared).filter((name) => NUMBERS.has(declared[name]!.type));
  if (!numbers.includes(passes))
    throw new UserError(
      `passes: expected a number, or the name of a parameter that is one; found ${quoted(passes)}`,
      where,
    );
}
