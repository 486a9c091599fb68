import { basename } from 'node:path';
import { lookUp } from '../config/entry.ts';
import { type Located, nodeAt } from '../config/located.ts';
import { Mistakes } from '../config/mistakes.ts';
import { pathIn } from '../config/path-in.ts';
import type { ExperimentKeys } from '../config/schema.ts';
import type { Dataset, Split } from '../data/dataset.ts';
import { pinnedTo } from '../data/pinned.ts';
import { type SourceLocation, UserError } from '../errors.ts';
import type { DataRef } from '../identity/refs.ts';
import { placed } from './placed.ts';
import type { Registries } from './registries.ts';

/** Which pictures of which data set. */
export interface DataSelection {
  readonly ref: DataRef;
  readonly dataset: Dataset;
  readonly split: Split;
  /** The first so many, or those named; all when neither is given. */
  readonly count?: number | undefined;
  readonly items?: readonly string[] | undefined;
  /** Where set or folder stands, and where count or items does: for mistakes that only the data can show. */
  readonly where: SourceLocation;
  readonly selectionWhere: SourceLocation;
}

/** @throws UserError with each mistake that the section shows; which pictures there are is not looked at */
export function readData(
  { set, folder, manifest, ...rest }: ExperimentKeys['data'],
  node: Located,
  registries: Registries,
): DataSelection {
  const mistakes = new Mistakes();
  const refuse = (message: string, at: Located) => mistakes.add(new UserError(`data: ${message}`, at.where));
  if (rest.count !== undefined && rest.items !== undefined)
    refuse('expected count or items, not both', nodeAt(node, ['items']));
  if ((set === undefined) === (folder === undefined)) refuse('expected either set or folder', node);
  if (folder === undefined && manifest !== undefined)
    refuse('a manifest belongs to a folder', nodeAt(node, ['manifest']));
  if (set === undefined && folder !== undefined && rest.split !== 'test')
    refuse('a folder has only the split test', nodeAt(node, ['split']));
  const pictures = mistakes.attempt(() =>
    folder === undefined
      ? set === undefined
        ? null
        : readSet(set, node, registries)
      : readFolder(folder, manifest, node, registries),
  );
  mistakes.refuse();
  return {
    ...rest,
    ...pictures!,
    where: nodeAt(node, [folder === undefined ? 'set' : 'folder']).where,
    selectionWhere: nodeAt(node, [rest.items ? 'items' : 'count']).where,
  };
}

type Pictures = Pick<DataSelection, 'ref' | 'dataset'>;

function readSet(name: string, node: Located, registries: Registries): Pictures {
  const dataset = lookUp(registries.datasets, name, 'data set', nodeAt(node, ['set']).where);
  return { ref: { kind: 'set', name }, dataset };
}

function readFolder(
  folder: string,
  manifest: string | undefined,
  node: Located,
  registries: Registries,
): Pictures {
  const path = pathIn(node, 'folder', folder);
  const dataset = registries.openFolder(path);
  return {
    ref: { kind: 'folder', name: basename(path), folder: path },
    dataset:
      manifest === undefined
        ? dataset
        : placed(nodeAt(node, ['manifest']).where, () =>
            pinnedTo(pathIn(node, 'manifest', manifest), dataset),
          ),
  };
}
