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

/** Opens a source of pictures. Throws UserError for an unknown set; a folder is only looked at when it is read. */
export function openDataset(spec: DatasetSpec): Dataset {
  if ('folder' in spec) return openFolder(spec.folder);
  const set = datasets.get(spec.set);
  if (set) return set;
  throw new UserError(
    `unknown data set "${spec.set}"; the nearest name is "${closest(spec.set, [...datasets.keys()])}"`,
  );
}

export { openFolder } from './folder.ts';
