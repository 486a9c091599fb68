import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UserError } from '../errors.ts';
import { nearest } from '../names.ts';
import { writeOutput } from '../output-file.ts';
import { type Compared, compare, sharesNumbers } from '../report/compare/comparison.ts';
import { comparisonFormats, comparisonText } from '../report/compare/formats.ts';
import { fromStore } from '../report/from-store.ts';
import { experimentFile } from '../store/runs.ts';
import type { Store } from '../store/store.ts';
import { versionOf } from '../store/versions.ts';
import { printable } from '../text/terminal.ts';
import { registriesOf } from './registries.ts';
import { say, sayChunk, sayJson } from './say.ts';

/** How a comparison is asked for. */
export interface ComparisonOptions {
  readonly out: string | undefined;
  readonly format: string;
  readonly json: boolean;
}

/**
 * Prints what changed from one experiment or version to another, and writes it.
 * @throws UserError where they share no number
 */
export async function compareReports(
  store: Store,
  [first, second]: readonly [string, string],
  { out, format: asked, json }: ComparisonOptions,
): Promise<void> {
  const format = formatOf(asked);
  if (versionOf(store, first)?.ref === versionOf(store, second)?.ref)
    throw new UserError(`${first}: expected two experiments or versions, found one twice`);
  const comparison = compare(await comparedOf(store, first), await comparedOf(store, second));
  if (!sharesNumbers(comparison))
    throw new UserError(
      `${first} and ${second} share no number: no metric of one protocol on a picture and seed that both have, by a method and on a task of both`,
    );
  if (out === '-') {
    await sayChunk(format.render(comparison));
    return;
  }
  const path = resolve(out ?? join('reports', `${first}-to-${second}.${format.extension}`));
  await writeOutput(path, format.output, (temporary) => writeFile(temporary, format.render(comparison)));
  if (json) sayJson({ ...comparison, path }, 2);
  else say(`${comparisonText(comparison)}\n\n${printable(path)}`);
}

function formatOf(name: string) {
  const known = Object.entries(comparisonFormats).find(([format]) => format === name);
  if (known) return known[1];
  const names = Object.keys(comparisonFormats);
  throw new UserError(
    `--format ${name}: two experiments are compared as ${names.join(' or ')}; ${nearest(name, names)}`,
  );
}

async function comparedOf(store: Store, ref: string): Promise<Compared> {
  const known = await registriesOf(experimentFile(store, ref).configFile);
  return { source: fromStore(store, ref, known, new Date()), config: versionOf(store, ref)?.config ?? null };
}
