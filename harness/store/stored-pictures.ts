import { statSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import type { Store } from './store.ts';
import { readStored } from './stored-file.ts';

/** A solved cell of which a picture is missing or damaged. */
export interface DamagedCell {
  readonly cellKey: string;
  /** Relative to the results folder. */
  readonly pictures: readonly string[];
  readonly tensor: { readonly path: string; readonly sha256: string | null };
}

interface Row
  extends Record<'cellKey' | 'restored' | 'truth' | 'measurement' | 'tensor' | 'finished', string> {
  tensorSha256: string | null;
}

/**
 * The solved cells of an experiment whose pictures are not what was stored. A file whose inode has not changed since it
 * was stored is taken as it is; every other one is hashed.
 */
export function damagedCells({ db, dir }: Store, experiment: string): DamagedCell[] {
  const rows = db
    .prepare(`
      SELECT s.cell_key AS cellKey, s.restored, s.truth, s.measurement, s.tensor, s.tensor_sha AS tensorSha256, s.finished
      FROM experiments e JOIN experiment_cells ec ON ec.experiment_id = e.id JOIN solutions s USING (cell_key)
      WHERE e.name = ? ORDER BY ec.position`)
    .all(experiment) as Row[];
  // A picture that several cells share was checked whenever one of them was stored.
  const stored = new Map<string, string>();
  for (const row of rows) {
    for (const path of picturesOf(row)) {
      if (row.finished > (stored.get(path) ?? '')) stored.set(path, row.finished);
    }
  }
  const bad = new Set(
    [...stored].filter(([path, since]) => !isWhole(dir, path, since)).map(([path]) => path),
  );
  return rows.flatMap((row) => {
    const pictures = picturesOf(row).filter((path) => bad.has(path));
    if (pictures.length === 0) return [];
    return [{ cellKey: row.cellKey, pictures, tensor: { path: row.tensor, sha256: row.tensorSha256 } }];
  });
}

function picturesOf({ truth, measurement, restored }: Row): string[] {
  return [truth, measurement, restored];
}

function isWhole(dir: string, path: string, since: string): boolean {
  const stats = statSync(join(dir, path), { throwIfNoEntry: false });
  if (!stats) return false;
  if (stats.isFile() && stats.ctimeMs <= Date.parse(since)) return true;
  return isStored(dir, path);
}

/** Whether a picture is there and what its name says. */
export function isStored(dir: string, path: string): boolean {
  try {
    readStored(dir, path);
    return true;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}
