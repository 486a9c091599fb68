import { basename, resolve } from 'node:path';
import { UserError } from '../errors.ts';
import type { RequiredFile, RequiredFolder } from '../metrics/network-metric.ts';
import { nearest } from '../names.ts';
import { requireRegularFile } from '../regular-file.ts';
import { readManifests } from '../weights/manifest.ts';
import { statOf } from '../weights/state.ts';
import type { WeightOverrides } from './weights.ts';

/**
 * Reads `NAME=FILE` of a command line: a name is that of a metric's weights, or of the known weights (`tweedie weights
 * list`) that are this one file.
 * @throws UserError for a name that is none or given twice, and for a path where nothing is that can be read
 */
export function readOverrides(
  assignments: readonly string[],
  weights: readonly (RequiredFile | RequiredFolder)[],
): WeightOverrides {
  const names = new Map(weights.flatMap((one) => [one.name, ...knownAs(one)].map((name) => [name, one])));
  const overrides = new Map<string, string>();
  for (const text of assignments) {
    const at = text.indexOf('=');
    if (at < 0 || at === text.length - 1) throw new UserError(`--weights ${text}: expected NAME=FILE`);
    const name = text.slice(0, at);
    const meant = names.get(name);
    if (!meant) throw new UserError(`--weights: unknown name "${name}": ${nearest(name, names.keys())}`);
    if (overrides.has(meant.name)) throw new UserError(`--weights: ${meant.name} is given twice`);
    const path = resolve(text.slice(at + 1));
    if (!('files' in meant)) requireRegularFile(path);
    else if (!statOf(path)?.isDirectory())
      throw new UserError(`${path}: expected the folder of ${meant.name}`);
    overrides.set(meant.name, path);
  }
  return overrides;
}

function knownAs(weights: RequiredFile | RequiredFolder): string[] {
  return [...readManifests().values()]
    .filter(({ files: [file, ...others] }) => others.length === 0 && basename(file!.path) === weights.name)
    .map(({ name }) => name);
}
