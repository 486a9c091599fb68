import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { UserError } from '../errors.ts';
import { readRecord, recordFiles } from './record-file.ts';
import type { Store } from './store.ts';
import { cellOfTrace } from './trace-file.ts';

export interface FileSize {
  /** Relative to the results folder. */
  readonly path: string;
  readonly bytes: number;
}

/**
 * Pictures and tensors that no row and no record names, and traces of no cell: of cells that were forgotten, or left by a
 * killed run.
 */
export function unreferencedFiles(store: Store): FileSize[] {
  const { db, dir } = store;
  const rows = db.prepare('SELECT path FROM artifacts').pluck().all() as string[];
  const named = new Set([...rows, ...namedByRecords(store)]);
  const isCell = db.prepare('SELECT 1 FROM cells WHERE key = ?');
  return [
    ...[
      ...filesIn(dir, 'images', /^[0-9a-f]{64}\.png$/),
      ...filesIn(dir, 'tensors', /\.safetensors$/),
    ].filter(({ path }) => !named.has(path)),
    ...filesIn(dir, 'traces', /^[0-9a-f]{64}(\.json|-[\w-]+\.png)$/).filter(
      ({ path }) => !isCell.get(cellOfTrace(basename(path))),
    ),
  ];
}

/** By records of cells that the database does not know as solved: a rebuild would find them. */
function* namedByRecords({ db, dir }: Store): Generator<string> {
  const isSolved = db.prepare('SELECT 1 FROM solutions WHERE cell_key = ?');
  for (const file of recordFiles(dir)) {
    if (isSolved.get(basename(file, '.json'))) continue;
    try {
      for (const { path } of readRecord(file).solution.artifacts) yield path;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
  }
}

/** Tensors of solved cells that are on the disk. */
export function tensorFiles({ db, dir }: Store): FileSize[] {
  const paths = db.prepare("SELECT path FROM artifacts WHERE media = 'array'").pluck().all() as string[];
  const named = new Set(paths);
  return filesIn(dir, 'tensors', /\.safetensors$/).filter(({ path }) => named.has(path));
}

/** The two levels that the harness writes; what else lies there is not looked at. */
function filesIn(dir: string, folder: string, name: RegExp): FileSize[] {
  return entries(join(dir, folder))
    .filter((part) => /^[0-9a-f]{2}$/.test(part))
    .flatMap((part) =>
      entries(join(dir, folder, part))
        .filter((file) => name.test(file))
        .map((file) => ({
          path: `${folder}/${part}/${file}`,
          bytes: statSync(join(dir, folder, part, file)).size,
        })),
    );
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}
