import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { check } from '../config/check.ts';
import { type Located, type LocatedMap, nodeAt } from '../config/located.ts';
import { pathIn } from '../config/path-in.ts';
import { UserError } from '../errors.ts';
import { MEAN_OF_DRAWS } from '../identity/mean-of-draws.ts';
import { MANIFEST } from '../measured/manifest.ts';

const text = z.string().min(1);

/** The keys of a description. */
const keys = z.strictObject({
  name: text.describe('What experiments and reports call the method that made the pictures.'),
  title: text.optional().describe('As its paper writes it.'),
  citation: text.default('no citation given').describe('Whom to cite.'),
  folder: text.describe('Its pictures, named as the truths that tweedie measure has written.'),
  measured: text
    .optional()
    .describe('The folder of those measurements; by default the nearest above with a manifest.'),
  params: z
    .record(z.string(), z.union([z.number(), z.string(), z.boolean()]))
    .default({})
    .describe('What it was run with, to be shown.'),
});

/** Pictures that were made elsewhere, in plain JSON: what a plan keeps of them. */
export interface Imported extends Omit<z.infer<typeof keys>, 'measured'> {
  /** Absolute path of the file in which it stands. */
  readonly file: string;
  /** Absolute, as is `folder`: where the manifest lies. */
  readonly measured: string;
}

/** @throws UserError at the first mistake, and where there are no pictures or no manifest */
export function readImported(node: Located): Imported {
  const { measured, ...said } = check(keys, node, 'imported');
  for (const name of Object.keys(said.params))
    if (name in Object.prototype || name === MEAN_OF_DRAWS)
      throw new UserError(
        `params: no parameter can be called "${name}"`,
        nodeAt(node, ['params', name]).where,
      );
  const folder = pathIn(node, 'folder', said.folder);
  const { where } = nodeAt(node, ['folder']);
  if (!existsSync(folder)) throw new UserError(`imported: there is no folder ${folder}`, where);
  if (measured !== undefined) {
    const path = pathIn(node, 'measured', measured);
    if (!existsSync(join(path, MANIFEST)))
      throw new UserError(`imported: no ${MANIFEST} in ${path}`, nodeAt(node, ['measured']).where);
    return { ...said, file: resolve(node.where.file), folder, measured: path };
  }
  const above = manifestAbove(folder);
  if (above === null)
    throw new UserError(
      `imported: no ${MANIFEST} in ${folder} or above it; name the folder that tweedie measure has written: measured: FOLDER`,
      where,
    );
  return { ...said, file: resolve(node.where.file), folder, measured: above };
}

/** It has one set of pictures, so there is no grid beside its name. */
export function noValues({ where }: Located): LocatedMap {
  return { kind: 'map', where, entries: new Map() };
}

/** The nearest folder with a manifest: this one, or one above it. */
export function manifestAbove(folder: string): string | null {
  if (existsSync(join(folder, MANIFEST))) return folder;
  const above = dirname(folder);
  return above === folder ? null : manifestAbove(above);
}
