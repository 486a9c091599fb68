import { closest } from 'fastest-levenshtein';
import { UserError } from '../errors.ts';
import type { Dataset } from './dataset.ts';
import { openFolder } from './folder.ts';
import { toyfaces } from './toyfaces.ts';

/** Every data set that ships with the harness: one line each. */
const ALL: readonly Dataset[] = [toyfaces];

export const datasets: ReadonlyMap<string, Dataset> = new Map(ALL.map((set) => [set.name, set]));

/** Names a source of pictures: a registered set, or a folder of the user's own. */
export type DatasetSpec = { readonly set: string } | { readonly folder: string };

/**
 * Opens a source of pictures.
 * @param known the sets that there are, by name
 * @throws UserError for an unknown set; a folder is only looked at when it is read
 */
export function openDataset(spec: DatasetSpec, known: ReadonlyMap<string, Dataset> = datasets): Dataset {
  if ('folder' in spec) return openFolder(spec.folder);
  const set = known.get(spec.set);
  if (set) return set;
  throw new UserError(
    `unknown data set "${spec.set}"; the nearest name is "${closest(spec.set, [...known.keys()])}"`,
  );
}

export { openFolder } from './folder.ts';
